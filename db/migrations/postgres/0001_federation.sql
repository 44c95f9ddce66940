CREATE TABLE "histories" (
	"account_id" bigint PRIMARY KEY NOT NULL,
	"started_at" bigint NOT NULL,
	"ended_at" bigint,
	"again_at" bigint NOT NULL,
	"posts_count" bigint DEFAULT 0 NOT NULL,
	"missing_count" bigint DEFAULT 0 NOT NULL,
	"failed" text
);
--> statement-breakpoint
CREATE TABLE "moves" (
	"account_id" bigint PRIMARY KEY NOT NULL,
	"target_id" bigint NOT NULL,
	"moved_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "pins" (
	"id" bigint PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"post_id" bigint NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "retention_passes" (
	"id" bigint PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"limits" jsonb NOT NULL,
	"part" text DEFAULT 'posts' NOT NULL,
	"after_id" bigint DEFAULT 0 NOT NULL,
	"excess_left" bigint DEFAULT 0 NOT NULL,
	"posts_total" bigint DEFAULT 0 NOT NULL,
	"posts_seen" bigint DEFAULT 0 NOT NULL,
	"posts_out" bigint DEFAULT 0 NOT NULL,
	"text_bytes_out" bigint DEFAULT 0 NOT NULL,
	"pictures_out" bigint DEFAULT 0 NOT NULL,
	"picture_bytes_out" bigint DEFAULT 0 NOT NULL,
	"samples" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"started_at" bigint NOT NULL,
	"ended_at" bigint
);
--> statement-breakpoint
ALTER TABLE "follows" ADD COLUMN "asked_again_count" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "follows" ADD COLUMN "asked_again_at" bigint;--> statement-breakpoint
ALTER TABLE "posts" ADD COLUMN "received_at" bigint;--> statement-breakpoint
ALTER TABLE "histories" ADD CONSTRAINT "histories_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "moves" ADD CONSTRAINT "moves_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pins" ADD CONSTRAINT "pins_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "pins_once" ON "pins" USING btree ("post_id");--> statement-breakpoint
CREATE INDEX "pins_account" ON "pins" USING btree ("account_id","id");--> statement-breakpoint
CREATE INDEX "retention_passes_kind" ON "retention_passes" USING btree ("kind","id");--> statement-breakpoint
CREATE INDEX "follows_pending" ON "follows" USING btree ("id") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "mutes_target" ON "mutes" USING btree ("target_id");