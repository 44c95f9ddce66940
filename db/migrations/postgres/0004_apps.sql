CREATE TABLE "app_codes" (
	"id" bigint PRIMARY KEY NOT NULL,
	"code_hash" text NOT NULL,
	"app_id" bigint NOT NULL,
	"account_id" bigint NOT NULL,
	"redirect_uri" text NOT NULL,
	"scopes" jsonb NOT NULL,
	"code_challenge" text,
	"created_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	"used_at" bigint
);
--> statement-breakpoint
CREATE TABLE "app_tokens" (
	"id" bigint PRIMARY KEY NOT NULL,
	"token_hash" text NOT NULL,
	"app_id" bigint NOT NULL,
	"account_id" bigint,
	"code_id" bigint,
	"scopes" jsonb NOT NULL,
	"created_at" bigint NOT NULL,
	"last_used_at" bigint,
	"revoked_at" bigint
);
--> statement-breakpoint
CREATE TABLE "apps" (
	"id" bigint PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"website" text,
	"redirect_uris" jsonb NOT NULL,
	"scopes" jsonb NOT NULL,
	"client_id" text NOT NULL,
	"secret_hash" text NOT NULL,
	"created_at" bigint NOT NULL,
	"allowed_at" bigint
);
--> statement-breakpoint
DROP INDEX "receipts_received";--> statement-breakpoint
DROP INDEX "posts_reply_to";--> statement-breakpoint
ALTER TABLE "post_versions" ADD COLUMN "emojis" jsonb;--> statement-breakpoint
ALTER TABLE "retention_passes" ADD COLUMN "accounts_out" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "thread_sources" ADD COLUMN "post_id" bigint;--> statement-breakpoint
ALTER TABLE "app_codes" ADD CONSTRAINT "app_codes_app_id_apps_id_fk" FOREIGN KEY ("app_id") REFERENCES "public"."apps"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app_codes" ADD CONSTRAINT "app_codes_account_id_users_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."users"("account_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app_tokens" ADD CONSTRAINT "app_tokens_app_id_apps_id_fk" FOREIGN KEY ("app_id") REFERENCES "public"."apps"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app_tokens" ADD CONSTRAINT "app_tokens_account_id_users_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."users"("account_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "app_codes_code" ON "app_codes" USING btree ("code_hash");--> statement-breakpoint
CREATE INDEX "app_codes_app" ON "app_codes" USING btree ("app_id");--> statement-breakpoint
CREATE INDEX "app_codes_account" ON "app_codes" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "app_codes_end" ON "app_codes" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "app_tokens_token" ON "app_tokens" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "app_tokens_app" ON "app_tokens" USING btree ("app_id","account_id");--> statement-breakpoint
CREATE INDEX "app_tokens_account" ON "app_tokens" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "app_tokens_code" ON "app_tokens" USING btree ("code_id");--> statement-breakpoint
CREATE INDEX "app_tokens_revoked" ON "app_tokens" USING btree ("revoked_at");--> statement-breakpoint
CREATE UNIQUE INDEX "apps_client" ON "apps" USING btree ("client_id");--> statement-breakpoint
CREATE INDEX "apps_allowed" ON "apps" USING btree ("allowed_at","created_at");--> statement-breakpoint
CREATE INDEX "announced_votes_group" ON "announced_votes" USING btree ("group_id");--> statement-breakpoint
CREATE INDEX "reports_reporter" ON "reports" USING btree ("reporter_id");--> statement-breakpoint
CREATE INDEX "moves_target" ON "moves" USING btree ("target_id");--> statement-breakpoint
CREATE INDEX "notification_senders_from" ON "notification_senders" USING btree ("from_id");--> statement-breakpoint
CREATE INDEX "notifications_from" ON "notifications" USING btree ("from_id");--> statement-breakpoint
CREATE INDEX "held_activities_actor" ON "held_activities" USING btree ("actor_id");--> statement-breakpoint
CREATE INDEX "tombstones_author" ON "tombstones" USING btree ("author_id") WHERE author_id is not null;--> statement-breakpoint
CREATE INDEX "link_previews_creator" ON "link_previews" USING btree ("creator_id") WHERE creator_id is not null;--> statement-breakpoint
CREATE INDEX "account_notes_account" ON "account_notes" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "posts_reply_to" ON "posts" USING btree ("reply_to_id") WHERE reply_to_id is not null;