CREATE TABLE "account_keys" (
	"id" bigint PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"uri" text NOT NULL,
	"kind" text NOT NULL,
	"public_pem" text NOT NULL,
	"private_sealed" text,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "accounts" (
	"id" bigint PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"name_key" text NOT NULL,
	"domain" text,
	"uri" text NOT NULL,
	"host" text,
	"url" text,
	"type" text DEFAULT 'Person' NOT NULL,
	"display_name" text DEFAULT '' NOT NULL,
	"bio_html" text DEFAULT '' NOT NULL,
	"bio_text" text,
	"fields" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"avatar_id" bigint,
	"header_id" bigint,
	"is_locked" boolean DEFAULT false NOT NULL,
	"is_discoverable" boolean DEFAULT true NOT NULL,
	"is_indexable" boolean DEFAULT false NOT NULL,
	"inbox_url" text,
	"shared_inbox_url" text,
	"outbox_url" text,
	"followers_url" text,
	"following_url" text,
	"featured_url" text,
	"also_known_as" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"moved_to_uri" text,
	"followers_count" bigint DEFAULT 0 NOT NULL,
	"following_count" bigint DEFAULT 0 NOT NULL,
	"posts_count" bigint DEFAULT 0 NOT NULL,
	"created_at" bigint NOT NULL,
	"fetched_at" bigint,
	"suspended_at" bigint,
	"suspended_by" text,
	"silenced_at" bigint,
	"domain_severity" text,
	"deleted_at" bigint
);
--> statement-breakpoint
CREATE TABLE "blocks" (
	"id" bigint PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"target_id" bigint NOT NULL,
	"uri" text NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "follows" (
	"id" bigint PRIMARY KEY NOT NULL,
	"follower_id" bigint NOT NULL,
	"followed_id" bigint NOT NULL,
	"state" text NOT NULL,
	"uri" text NOT NULL,
	"show_boosts" boolean DEFAULT true NOT NULL,
	"created_at" bigint NOT NULL,
	"accepted_at" bigint
);
--> statement-breakpoint
CREATE TABLE "mutes" (
	"id" bigint PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"target_id" bigint NOT NULL,
	"hides_notifications" boolean DEFAULT true NOT NULL,
	"expires_at" bigint,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" bigint PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"input" jsonb NOT NULL,
	"lane" text NOT NULL,
	"order_key" text,
	"once_key" text,
	"attempts" bigint DEFAULT 0 NOT NULL,
	"run_at" bigint NOT NULL,
	"locked_until" bigint,
	"lease" bigint,
	"last_error" text,
	"dead_at" bigint,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "schedules" (
	"name" text PRIMARY KEY NOT NULL,
	"next_run_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "media" (
	"id" bigint PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"account_id" bigint NOT NULL,
	"use" text NOT NULL,
	"post_id" bigint,
	"position" bigint DEFAULT 0 NOT NULL,
	"alt" text DEFAULT '' NOT NULL,
	"focus_x" bigint DEFAULT 0 NOT NULL,
	"focus_y" bigint DEFAULT 0 NOT NULL,
	"remote_url" text,
	"mime" text NOT NULL,
	"width" bigint,
	"height" bigint,
	"file_hash" text,
	"preview_hash" text,
	"is_broken" boolean DEFAULT false NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "media_files" (
	"hash" text PRIMARY KEY NOT NULL,
	"mime" text NOT NULL,
	"size_bytes" bigint NOT NULL,
	"width" bigint NOT NULL,
	"height" bigint NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_entries" (
	"id" bigint PRIMARY KEY NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" bigint,
	"act" text NOT NULL,
	"target_kind" text NOT NULL,
	"target" text NOT NULL,
	"target_label" text NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "domain_limits" (
	"domain" text PRIMARY KEY NOT NULL,
	"severity" text NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "instance_facts" (
	"key" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "report_notes" (
	"id" bigint PRIMARY KEY NOT NULL,
	"report_id" bigint NOT NULL,
	"author_id" bigint NOT NULL,
	"text" text NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "report_posts" (
	"report_id" bigint NOT NULL,
	"post_id" bigint NOT NULL,
	"copy" jsonb NOT NULL,
	CONSTRAINT "report_posts_report_id_post_id_pk" PRIMARY KEY("report_id","post_id")
);
--> statement-breakpoint
CREATE TABLE "reports" (
	"id" bigint PRIMARY KEY NOT NULL,
	"reporter_id" bigint NOT NULL,
	"target_id" bigint NOT NULL,
	"comment" text DEFAULT '' NOT NULL,
	"category" text DEFAULT 'other' NOT NULL,
	"assigned_to" bigint,
	"handled_at" bigint,
	"handled_by" bigint,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"key" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notifications" (
	"id" bigint PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"from_id" bigint NOT NULL,
	"post_id" bigint DEFAULT 0 NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "activities" (
	"id" bigint PRIMARY KEY NOT NULL,
	"uri" text NOT NULL,
	"actor_id" bigint NOT NULL,
	"body" text NOT NULL,
	"object_uri" text,
	"written_up_to" text,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"id" bigint PRIMARY KEY NOT NULL,
	"activity_id" bigint NOT NULL,
	"inbox_url" text NOT NULL,
	"host" text NOT NULL,
	"lane" text NOT NULL,
	"order_key" text,
	"attempts" bigint DEFAULT 0 NOT NULL,
	"run_at" bigint NOT NULL,
	"locked_until" bigint,
	"last_error" text,
	"dead_at" bigint,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "peers" (
	"host" text PRIMARY KEY NOT NULL,
	"signature_kind" text DEFAULT 'cavage' NOT NULL,
	"first_seen_at" bigint NOT NULL,
	"last_received_at" bigint,
	"last_delivered_at" bigint,
	"failing_since" bigint,
	"failures_count" bigint DEFAULT 0 NOT NULL,
	"last_error" text,
	"held_until" bigint,
	"is_backlogged" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "receipts" (
	"signature_hash" text PRIMARY KEY NOT NULL,
	"received_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tombstones" (
	"uri" text PRIMARY KEY NOT NULL,
	"deleted_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bookmarks" (
	"id" bigint PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"post_id" bigint NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "favourites" (
	"id" bigint PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"post_id" bigint NOT NULL,
	"uri" text,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "post_audience" (
	"post_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"account_id" bigint NOT NULL,
	CONSTRAINT "post_audience_post_id_account_id_kind_pk" PRIMARY KEY("post_id","account_id","kind")
);
--> statement-breakpoint
CREATE TABLE "post_mentions" (
	"post_id" bigint NOT NULL,
	"account_id" bigint NOT NULL,
	CONSTRAINT "post_mentions_post_id_account_id_pk" PRIMARY KEY("post_id","account_id")
);
--> statement-breakpoint
CREATE TABLE "post_tags" (
	"post_id" bigint NOT NULL,
	"tag" text NOT NULL,
	CONSTRAINT "post_tags_tag_post_id_pk" PRIMARY KEY("tag","post_id")
);
--> statement-breakpoint
CREATE TABLE "post_versions" (
	"post_id" bigint NOT NULL,
	"version" bigint NOT NULL,
	"title" text,
	"html" text NOT NULL,
	"source" text,
	"warning" text NOT NULL,
	"media" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "post_versions_post_id_version_pk" PRIMARY KEY("post_id","version")
);
--> statement-breakpoint
CREATE TABLE "posts" (
	"id" bigint PRIMARY KEY NOT NULL,
	"uri" text NOT NULL,
	"url" text,
	"author_id" bigint NOT NULL,
	"boost_of_id" bigint,
	"reply_to_id" bigint,
	"reply_to_uri" text,
	"reply_to_author_id" bigint,
	"thread_id" bigint NOT NULL,
	"type" text DEFAULT 'Note' NOT NULL,
	"title" text,
	"html" text DEFAULT '' NOT NULL,
	"source" text,
	"warning" text DEFAULT '' NOT NULL,
	"is_sensitive" boolean DEFAULT false NOT NULL,
	"language" text,
	"visibility" text NOT NULL,
	"is_local" boolean NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL,
	"replies_count" bigint DEFAULT 0 NOT NULL,
	"boosts_count" bigint DEFAULT 0 NOT NULL,
	"favourites_count" bigint DEFAULT 0 NOT NULL,
	"created_at" bigint NOT NULL,
	"edited_at" bigint,
	"deleted_at" bigint
);
--> statement-breakpoint
CREATE TABLE "submissions" (
	"account_id" bigint NOT NULL,
	"key" text NOT NULL,
	"post_id" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "submissions_account_id_key_pk" PRIMARY KEY("account_id","key")
);
--> statement-breakpoint
CREATE TABLE "attempts" (
	"key" text PRIMARY KEY NOT NULL,
	"count" bigint NOT NULL,
	"window_ends_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "invites" (
	"id" bigint PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"created_by" bigint NOT NULL,
	"uses_left" bigint NOT NULL,
	"expires_at" bigint,
	"is_revoked" boolean DEFAULT false NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "one_time_tokens" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"account_id" bigint,
	"email" text,
	"created_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" bigint PRIMARY KEY NOT NULL,
	"token_hash" text NOT NULL,
	"account_id" bigint NOT NULL,
	"user_agent" text DEFAULT '' NOT NULL,
	"address" text DEFAULT '' NOT NULL,
	"created_at" bigint NOT NULL,
	"last_seen_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users" (
	"account_id" bigint PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"email_key" text NOT NULL,
	"email_confirmed_at" bigint,
	"password_hash" text NOT NULL,
	"role" text DEFAULT 'person' NOT NULL,
	"language" text DEFAULT 'en' NOT NULL,
	"time_zone" text,
	"theme" text DEFAULT 'system' NOT NULL,
	"default_visibility" text DEFAULT 'public' NOT NULL,
	"approved_at" bigint,
	"sign_up_reason" text,
	"sign_up_address" text,
	"invite_id" bigint,
	"rules_accepted_at" bigint,
	"rules_accepted" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"notifications_read_id" bigint DEFAULT 0 NOT NULL,
	"last_seen_at" bigint,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "account_keys" ADD CONSTRAINT "account_keys_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "follows" ADD CONSTRAINT "follows_follower_id_accounts_id_fk" FOREIGN KEY ("follower_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "follows" ADD CONSTRAINT "follows_followed_id_accounts_id_fk" FOREIGN KEY ("followed_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "report_notes" ADD CONSTRAINT "report_notes_report_id_reports_id_fk" FOREIGN KEY ("report_id") REFERENCES "public"."reports"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "report_posts" ADD CONSTRAINT "report_posts_report_id_reports_id_fk" FOREIGN KEY ("report_id") REFERENCES "public"."reports"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_activity_id_activities_id_fk" FOREIGN KEY ("activity_id") REFERENCES "public"."activities"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookmarks" ADD CONSTRAINT "bookmarks_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "favourites" ADD CONSTRAINT "favourites_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "post_audience" ADD CONSTRAINT "post_audience_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "post_mentions" ADD CONSTRAINT "post_mentions_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "post_tags" ADD CONSTRAINT "post_tags_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "post_versions" ADD CONSTRAINT "post_versions_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "posts" ADD CONSTRAINT "posts_author_id_accounts_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_account_id_users_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."users"("account_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "account_keys_of" ON "account_keys" USING btree ("account_id","uri");--> statement-breakpoint
CREATE INDEX "account_keys_uri" ON "account_keys" USING btree ("uri");--> statement-breakpoint
CREATE UNIQUE INDEX "accounts_uri" ON "accounts" USING btree ("uri");--> statement-breakpoint
CREATE UNIQUE INDEX "accounts_local_name" ON "accounts" USING btree ("name_key") WHERE domain is null;--> statement-breakpoint
CREATE INDEX "accounts_handle" ON "accounts" USING btree ("name_key","domain");--> statement-breakpoint
CREATE INDEX "accounts_domain" ON "accounts" USING btree ("domain");--> statement-breakpoint
CREATE INDEX "accounts_host" ON "accounts" USING btree ("host");--> statement-breakpoint
CREATE INDEX "accounts_suspended" ON "accounts" USING btree ("id") WHERE suspended_at is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "blocks_once" ON "blocks" USING btree ("account_id","target_id");--> statement-breakpoint
CREATE INDEX "blocks_target" ON "blocks" USING btree ("target_id");--> statement-breakpoint
CREATE UNIQUE INDEX "follows_once" ON "follows" USING btree ("follower_id","followed_id");--> statement-breakpoint
CREATE INDEX "follows_followed" ON "follows" USING btree ("followed_id","state","id");--> statement-breakpoint
CREATE INDEX "follows_follower" ON "follows" USING btree ("follower_id","state","id");--> statement-breakpoint
CREATE INDEX "follows_uri" ON "follows" USING btree ("uri");--> statement-breakpoint
CREATE UNIQUE INDEX "mutes_once" ON "mutes" USING btree ("account_id","target_id");--> statement-breakpoint
CREATE INDEX "jobs_due" ON "jobs" USING btree ("lane","run_at") WHERE dead_at is null;--> statement-breakpoint
CREATE INDEX "jobs_order" ON "jobs" USING btree ("order_key","id") WHERE order_key is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_once" ON "jobs" USING btree ("once_key") WHERE once_key is not null;--> statement-breakpoint
CREATE INDEX "jobs_dead" ON "jobs" USING btree ("dead_at") WHERE dead_at is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "media_key" ON "media" USING btree ("key");--> statement-breakpoint
CREATE INDEX "media_post" ON "media" USING btree ("post_id","position");--> statement-breakpoint
CREATE INDEX "media_account" ON "media" USING btree ("account_id","id");--> statement-breakpoint
CREATE INDEX "media_file" ON "media" USING btree ("file_hash");--> statement-breakpoint
CREATE INDEX "media_preview" ON "media" USING btree ("preview_hash");--> statement-breakpoint
CREATE INDEX "media_waiting" ON "media" USING btree ("created_at") WHERE post_id is null;--> statement-breakpoint
CREATE INDEX "audit_entries_target" ON "audit_entries" USING btree ("target_kind","target","id");--> statement-breakpoint
CREATE INDEX "audit_entries_act" ON "audit_entries" USING btree ("act","id");--> statement-breakpoint
CREATE INDEX "report_notes_report" ON "report_notes" USING btree ("report_id","id");--> statement-breakpoint
CREATE INDEX "report_posts_post" ON "report_posts" USING btree ("post_id");--> statement-breakpoint
CREATE INDEX "reports_waiting" ON "reports" USING btree ("id") WHERE handled_at is null;--> statement-breakpoint
CREATE INDEX "reports_target" ON "reports" USING btree ("target_id");--> statement-breakpoint
CREATE UNIQUE INDEX "notifications_once" ON "notifications" USING btree ("account_id","kind","from_id","post_id");--> statement-breakpoint
CREATE INDEX "notifications_account" ON "notifications" USING btree ("account_id","id");--> statement-breakpoint
CREATE INDEX "notifications_post" ON "notifications" USING btree ("post_id");--> statement-breakpoint
CREATE UNIQUE INDEX "activities_uri" ON "activities" USING btree ("uri");--> statement-breakpoint
CREATE INDEX "activities_object" ON "activities" USING btree ("object_uri");--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_once" ON "deliveries" USING btree ("activity_id","inbox_url");--> statement-breakpoint
CREATE INDEX "deliveries_due" ON "deliveries" USING btree ("lane","run_at") WHERE dead_at is null;--> statement-breakpoint
CREATE INDEX "deliveries_locked" ON "deliveries" USING btree ("locked_until") WHERE locked_until is not null;--> statement-breakpoint
CREATE INDEX "deliveries_order" ON "deliveries" USING btree ("inbox_url","order_key","id");--> statement-breakpoint
CREATE INDEX "deliveries_host" ON "deliveries" USING btree ("host","id");--> statement-breakpoint
CREATE INDEX "deliveries_dead" ON "deliveries" USING btree ("dead_at") WHERE dead_at is not null;--> statement-breakpoint
CREATE INDEX "peers_backlogged" ON "peers" USING btree ("held_until") WHERE is_backlogged;--> statement-breakpoint
CREATE INDEX "receipts_received" ON "receipts" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "tombstones_deleted" ON "tombstones" USING btree ("deleted_at");--> statement-breakpoint
CREATE UNIQUE INDEX "bookmarks_once" ON "bookmarks" USING btree ("account_id","post_id");--> statement-breakpoint
CREATE INDEX "bookmarks_account" ON "bookmarks" USING btree ("account_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "favourites_once" ON "favourites" USING btree ("account_id","post_id");--> statement-breakpoint
CREATE INDEX "favourites_post" ON "favourites" USING btree ("post_id","id");--> statement-breakpoint
CREATE INDEX "favourites_account" ON "favourites" USING btree ("account_id","id");--> statement-breakpoint
CREATE INDEX "post_audience_account" ON "post_audience" USING btree ("account_id","post_id");--> statement-breakpoint
CREATE INDEX "post_mentions_account" ON "post_mentions" USING btree ("account_id","post_id");--> statement-breakpoint
CREATE INDEX "post_tags_post" ON "post_tags" USING btree ("post_id");--> statement-breakpoint
CREATE UNIQUE INDEX "posts_uri" ON "posts" USING btree ("uri");--> statement-breakpoint
CREATE INDEX "posts_author" ON "posts" USING btree ("author_id","id");--> statement-breakpoint
CREATE INDEX "posts_outbox" ON "posts" USING btree ("author_id","id") WHERE visibility in ('public', 'unlisted') and is_local and deleted_at is null;--> statement-breakpoint
CREATE INDEX "posts_thread" ON "posts" USING btree ("thread_id","id");--> statement-breakpoint
CREATE INDEX "posts_reply_to" ON "posts" USING btree ("reply_to_id");--> statement-breakpoint
CREATE INDEX "posts_reply_to_uri" ON "posts" USING btree ("reply_to_uri") WHERE reply_to_uri is not null and reply_to_id is null;--> statement-breakpoint
CREATE UNIQUE INDEX "posts_boost" ON "posts" USING btree ("author_id","boost_of_id") WHERE boost_of_id is not null;--> statement-breakpoint
CREATE INDEX "posts_boost_of" ON "posts" USING btree ("boost_of_id") WHERE boost_of_id is not null;--> statement-breakpoint
CREATE INDEX "posts_public_local" ON "posts" USING btree ("id") WHERE visibility = 'public' and is_local and deleted_at is null and boost_of_id is null;--> statement-breakpoint
CREATE INDEX "posts_public" ON "posts" USING btree ("id") WHERE visibility = 'public' and deleted_at is null and boost_of_id is null;--> statement-breakpoint
CREATE INDEX "submissions_created" ON "submissions" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "attempts_end" ON "attempts" USING btree ("window_ends_at");--> statement-breakpoint
CREATE UNIQUE INDEX "invites_code" ON "invites" USING btree ("code");--> statement-breakpoint
CREATE INDEX "one_time_tokens_account" ON "one_time_tokens" USING btree ("account_id");--> statement-breakpoint
CREATE UNIQUE INDEX "sessions_token" ON "sessions" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "sessions_account" ON "sessions" USING btree ("account_id");--> statement-breakpoint
CREATE UNIQUE INDEX "users_email" ON "users" USING btree ("email_key");--> statement-breakpoint
CREATE INDEX "users_waiting" ON "users" USING btree ("account_id") WHERE approved_at is null;