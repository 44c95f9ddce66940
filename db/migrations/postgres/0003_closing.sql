CREATE TABLE "emoji_uses" (
	"emoji_id" bigint NOT NULL,
	"post_id" bigint NOT NULL,
	CONSTRAINT "emoji_uses_emoji_id_post_id_pk" PRIMARY KEY("emoji_id","post_id")
);
--> statement-breakpoint
CREATE TABLE "own_emojis" (
	"id" bigint PRIMARY KEY NOT NULL,
	"shortcode" text NOT NULL,
	"shortcode_key" text NOT NULL,
	"category" text DEFAULT '' NOT NULL,
	"alt" text DEFAULT '' NOT NULL,
	"is_animated" boolean DEFAULT false NOT NULL,
	"is_hidden" boolean DEFAULT false NOT NULL,
	"is_off" boolean DEFAULT false NOT NULL,
	"media_id" bigint NOT NULL,
	"media_key" text NOT NULL,
	"copied_from" text,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	"deleted_at" bigint
);
--> statement-breakpoint
ALTER TABLE "emojis" ADD COLUMN "blocked_at" bigint;--> statement-breakpoint
ALTER TABLE "reports" ADD COLUMN "is_forwarded" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "quotes" ADD COLUMN "checked_at" bigint;--> statement-breakpoint
ALTER TABLE "emoji_uses" ADD CONSTRAINT "emoji_uses_emoji_id_own_emojis_id_fk" FOREIGN KEY ("emoji_id") REFERENCES "public"."own_emojis"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "emoji_uses" ADD CONSTRAINT "emoji_uses_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "emoji_uses_post" ON "emoji_uses" USING btree ("post_id");--> statement-breakpoint
CREATE UNIQUE INDEX "own_emojis_shortcode" ON "own_emojis" USING btree ("shortcode_key") WHERE deleted_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "own_emojis_key" ON "own_emojis" USING btree ("media_key");--> statement-breakpoint
CREATE INDEX "emojis_blocked" ON "emojis" USING btree ("id") WHERE blocked_at is not null;--> statement-breakpoint
CREATE INDEX "histories_running" ON "histories" USING btree ("started_at") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "interactions_idle" ON "interactions" USING btree ("created_at") WHERE post_id is null and state in ('pending', 'rejected');--> statement-breakpoint
CREATE INDEX "quotes_missing" ON "quotes" USING btree ("quoted_uri") WHERE quoted_id is null;--> statement-breakpoint
CREATE INDEX "reaction_counts_media" ON "reaction_counts" USING btree ("media_key") WHERE media_key is not null;