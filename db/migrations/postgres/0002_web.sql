CREATE TABLE "drafts" (
	"id" bigint PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"key" text NOT NULL,
	"parts" jsonb NOT NULL,
	"warning" text DEFAULT '' NOT NULL,
	"visibility" text NOT NULL,
	"language" text,
	"is_sensitive" boolean DEFAULT false NOT NULL,
	"is_local_only" boolean DEFAULT false NOT NULL,
	"is_markdown" boolean DEFAULT false NOT NULL,
	"poll" jsonb,
	"policies" jsonb NOT NULL,
	"reply_to_id" bigint,
	"quote_id" bigint,
	"publish_at" bigint,
	"is_scheduled" boolean DEFAULT false NOT NULL,
	"failure" jsonb,
	"version" bigint DEFAULT 1 NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "code_apps" (
	"account_id" bigint PRIMARY KEY NOT NULL,
	"secret_sealed" text NOT NULL,
	"confirmed_at" bigint,
	"last_step" bigint DEFAULT 0 NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "passkeys" (
	"id" bigint PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"credential_id" text NOT NULL,
	"public_key" text NOT NULL,
	"counter" bigint NOT NULL,
	"transports" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"name" text NOT NULL,
	"is_backed_up" boolean DEFAULT false NOT NULL,
	"last_used_at" bigint,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "recovery_codes" (
	"id" bigint PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"code_hash" text NOT NULL,
	"used_at" bigint,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sign_in_attempts" (
	"id" bigint PRIMARY KEY NOT NULL,
	"account_id" bigint,
	"way" text NOT NULL,
	"is_good" boolean NOT NULL,
	"user_agent" text DEFAULT '' NOT NULL,
	"address" text DEFAULT '' NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sign_in_steps" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"failures" bigint DEFAULT 0 NOT NULL,
	"created_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "used_challenges" (
	"challenge_hash" text PRIMARY KEY NOT NULL,
	"expires_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "filter_keywords" (
	"id" bigint PRIMARY KEY NOT NULL,
	"filter_id" bigint NOT NULL,
	"keyword" text NOT NULL,
	"is_whole_word" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "filter_posts" (
	"filter_id" bigint NOT NULL,
	"post_id" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "filter_posts_filter_id_post_id_pk" PRIMARY KEY("filter_id","post_id")
);
--> statement-breakpoint
CREATE TABLE "filters" (
	"id" bigint PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"title" text NOT NULL,
	"action" text NOT NULL,
	"places" jsonb NOT NULL,
	"expires_at" bigint,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "hidden_domains" (
	"id" bigint PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"domain" text NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "thread_mutes" (
	"account_id" bigint NOT NULL,
	"thread_id" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "thread_mutes_account_id_thread_id_pk" PRIMARY KEY("account_id","thread_id")
);
--> statement-breakpoint
CREATE TABLE "import_rows" (
	"id" bigint PRIMARY KEY NOT NULL,
	"import_id" bigint NOT NULL,
	"subject" text NOT NULL,
	"choices" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"reason_key" text,
	"reason_values" jsonb
);
--> statement-breakpoint
CREATE TABLE "imports" (
	"id" bigint PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"rows_count" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	"ended_at" bigint
);
--> statement-breakpoint
CREATE TABLE "notification_senders" (
	"account_id" bigint NOT NULL,
	"from_id" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "notification_senders_account_id_from_id_pk" PRIMARY KEY("account_id","from_id")
);
--> statement-breakpoint
CREATE TABLE "severances" (
	"id" bigint PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"domain" text NOT NULL,
	"following_count" bigint NOT NULL,
	"followers_count" bigint NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "link_previews" (
	"id" bigint PRIMARY KEY NOT NULL,
	"url" text NOT NULL,
	"host" text NOT NULL,
	"answered_host" text,
	"state" text NOT NULL,
	"title" text DEFAULT '' NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"site_name" text DEFAULT '' NOT NULL,
	"media_id" bigint,
	"creator_id" bigint,
	"asked_at" bigint NOT NULL,
	"fresh_until" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "account_notes" (
	"owner_id" bigint NOT NULL,
	"account_id" bigint NOT NULL,
	"text" text NOT NULL,
	"updated_at" bigint NOT NULL,
	CONSTRAINT "account_notes_owner_id_account_id_pk" PRIMARY KEY("owner_id","account_id")
);
--> statement-breakpoint
CREATE TABLE "featured_tags" (
	"id" bigint PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"tag" text NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "dismissed_suggestions" (
	"account_id" bigint NOT NULL,
	"target_id" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "dismissed_suggestions_account_id_target_id_pk" PRIMARY KEY("account_id","target_id")
);
--> statement-breakpoint
CREATE TABLE "search_passes" (
	"id" bigint PRIMARY KEY NOT NULL,
	"rules" bigint NOT NULL,
	"before_id" bigint NOT NULL,
	"looked" bigint DEFAULT 0 NOT NULL,
	"started_at" bigint NOT NULL,
	"ended_at" bigint
);
--> statement-breakpoint
CREATE TABLE "search_words" (
	"word" text PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE "trends" (
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"score" bigint NOT NULL,
	"people" bigint NOT NULL,
	"posts" bigint NOT NULL,
	"is_approved" boolean,
	"decided_by" bigint,
	"decided_at" bigint,
	"first_at" bigint NOT NULL,
	"seen_at" bigint NOT NULL,
	CONSTRAINT "trends_kind_key_pk" PRIMARY KEY("kind","key")
);
--> statement-breakpoint
CREATE TABLE "conversations" (
	"account_id" bigint NOT NULL,
	"thread_id" bigint NOT NULL,
	"last_post_id" bigint NOT NULL,
	"is_unread" boolean NOT NULL,
	CONSTRAINT "conversations_account_id_thread_id_pk" PRIMARY KEY("account_id","thread_id")
);
--> statement-breakpoint
CREATE TABLE "followed_tags" (
	"id" bigint PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"tag" text NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "list_members" (
	"id" bigint PRIMARY KEY NOT NULL,
	"list_id" bigint NOT NULL,
	"owner_id" bigint NOT NULL,
	"account_id" bigint NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "lists" (
	"id" bigint PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"title" text NOT NULL,
	"replies_policy" text DEFAULT 'members' NOT NULL,
	"is_exclusive" boolean DEFAULT false NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "markers" (
	"account_id" bigint NOT NULL,
	"timeline" text NOT NULL,
	"last_read_id" bigint NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL,
	"updated_at" bigint NOT NULL,
	CONSTRAINT "markers_account_id_timeline_pk" PRIMARY KEY("account_id","timeline")
);
--> statement-breakpoint
CREATE TABLE "timeline_choices" (
	"account_id" bigint NOT NULL,
	"timeline" text NOT NULL,
	"hides_boosts" boolean DEFAULT false NOT NULL,
	"hides_replies" boolean DEFAULT false NOT NULL,
	CONSTRAINT "timeline_choices_account_id_timeline_pk" PRIMARY KEY("account_id","timeline")
);
--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "links_checked_at" bigint;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "attribution_domains" jsonb;--> statement-breakpoint
ALTER TABLE "follows" ADD COLUMN "show_replies" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "follows" ADD COLUMN "notifies" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "media" ADD COLUMN "draft_id" bigint;--> statement-breakpoint
ALTER TABLE "media" ADD COLUMN "tiny_hash" text;--> statement-breakpoint
ALTER TABLE "posts" ADD COLUMN "is_local_only" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "posts" ADD COLUMN "is_markdown" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "proved_at" bigint;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "look" jsonb;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "keeps_visibility" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "last_visibility" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "default_language" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "default_sensitive" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "default_markdown" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "notification_policy" jsonb;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "welcomed_at" bigint;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "filters_version" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "asks_passkey" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "drafts" ADD CONSTRAINT "drafts_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "code_apps" ADD CONSTRAINT "code_apps_account_id_users_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."users"("account_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "passkeys" ADD CONSTRAINT "passkeys_account_id_users_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."users"("account_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recovery_codes" ADD CONSTRAINT "recovery_codes_account_id_users_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."users"("account_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_in_attempts" ADD CONSTRAINT "sign_in_attempts_account_id_users_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."users"("account_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_in_steps" ADD CONSTRAINT "sign_in_steps_account_id_users_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."users"("account_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "filter_keywords" ADD CONSTRAINT "filter_keywords_filter_id_filters_id_fk" FOREIGN KEY ("filter_id") REFERENCES "public"."filters"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "filter_posts" ADD CONSTRAINT "filter_posts_filter_id_filters_id_fk" FOREIGN KEY ("filter_id") REFERENCES "public"."filters"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "filters" ADD CONSTRAINT "filters_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_last_post_id_posts_id_fk" FOREIGN KEY ("last_post_id") REFERENCES "public"."posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "list_members" ADD CONSTRAINT "list_members_list_id_lists_id_fk" FOREIGN KEY ("list_id") REFERENCES "public"."lists"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "lists" ADD CONSTRAINT "lists_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "drafts_key" ON "drafts" USING btree ("account_id","key");--> statement-breakpoint
CREATE INDEX "drafts_account" ON "drafts" USING btree ("account_id","updated_at");--> statement-breakpoint
CREATE INDEX "drafts_scheduled" ON "drafts" USING btree ("account_id","publish_at") WHERE is_scheduled;--> statement-breakpoint
CREATE INDEX "drafts_idle" ON "drafts" USING btree ("updated_at") WHERE not is_scheduled;--> statement-breakpoint
CREATE UNIQUE INDEX "passkeys_credential" ON "passkeys" USING btree ("credential_id");--> statement-breakpoint
CREATE INDEX "passkeys_account" ON "passkeys" USING btree ("account_id");--> statement-breakpoint
CREATE UNIQUE INDEX "recovery_codes_of" ON "recovery_codes" USING btree ("account_id","code_hash");--> statement-breakpoint
CREATE INDEX "sign_in_attempts_account" ON "sign_in_attempts" USING btree ("account_id","id");--> statement-breakpoint
CREATE INDEX "sign_in_steps_account" ON "sign_in_steps" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "sign_in_steps_end" ON "sign_in_steps" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "used_challenges_end" ON "used_challenges" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "filter_keywords_filter" ON "filter_keywords" USING btree ("filter_id","id");--> statement-breakpoint
CREATE INDEX "filter_posts_post" ON "filter_posts" USING btree ("post_id");--> statement-breakpoint
CREATE INDEX "filters_account" ON "filters" USING btree ("account_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "hidden_domains_once" ON "hidden_domains" USING btree ("account_id","domain");--> statement-breakpoint
CREATE INDEX "thread_mutes_thread" ON "thread_mutes" USING btree ("thread_id");--> statement-breakpoint
CREATE INDEX "import_rows_of" ON "import_rows" USING btree ("import_id","state","id");--> statement-breakpoint
CREATE INDEX "import_rows_waiting" ON "import_rows" USING btree ("import_id","id") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "imports_account" ON "imports" USING btree ("account_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "severances_once" ON "severances" USING btree ("account_id","domain");--> statement-breakpoint
CREATE UNIQUE INDEX "link_previews_url" ON "link_previews" USING btree ("url");--> statement-breakpoint
CREATE INDEX "link_previews_host" ON "link_previews" USING btree ("host","asked_at");--> statement-breakpoint
CREATE INDEX "link_previews_asked" ON "link_previews" USING btree ("asked_at");--> statement-breakpoint
CREATE INDEX "link_previews_media" ON "link_previews" USING btree ("media_id") WHERE media_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "featured_tags_once" ON "featured_tags" USING btree ("account_id","tag");--> statement-breakpoint
CREATE INDEX "dismissed_suggestions_target" ON "dismissed_suggestions" USING btree ("target_id");--> statement-breakpoint
CREATE INDEX "trends_score" ON "trends" USING btree ("kind","score");--> statement-breakpoint
CREATE INDEX "conversations_account" ON "conversations" USING btree ("account_id","last_post_id");--> statement-breakpoint
CREATE INDEX "conversations_thread" ON "conversations" USING btree ("thread_id");--> statement-breakpoint
CREATE INDEX "conversations_last" ON "conversations" USING btree ("last_post_id");--> statement-breakpoint
CREATE UNIQUE INDEX "followed_tags_once" ON "followed_tags" USING btree ("account_id","tag");--> statement-breakpoint
CREATE UNIQUE INDEX "list_members_once" ON "list_members" USING btree ("list_id","account_id");--> statement-breakpoint
CREATE INDEX "list_members_owner" ON "list_members" USING btree ("owner_id","account_id");--> statement-breakpoint
CREATE INDEX "list_members_account" ON "list_members" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "list_members_list" ON "list_members" USING btree ("list_id","id");--> statement-breakpoint
CREATE INDEX "lists_account" ON "lists" USING btree ("account_id","id");--> statement-breakpoint
CREATE INDEX "lists_exclusive" ON "lists" USING btree ("account_id") WHERE is_exclusive;--> statement-breakpoint
CREATE INDEX "mutes_expires" ON "mutes" USING btree ("expires_at") WHERE expires_at is not null;--> statement-breakpoint
CREATE INDEX "media_tiny" ON "media" USING btree ("tiny_hash") WHERE tiny_hash is not null;--> statement-breakpoint
CREATE INDEX "media_draft" ON "media" USING btree ("draft_id") WHERE draft_id is not null;--> statement-breakpoint
CREATE TABLE "search_posts" (
	"rowid" bigint PRIMARY KEY NOT NULL,
	"words" tsvector NOT NULL
);
--> statement-breakpoint
CREATE INDEX "search_posts_words" ON "search_posts" USING gin ("words") WITH (fastupdate = off);
--> statement-breakpoint
INSERT INTO conversations (account_id, thread_id, last_post_id, is_unread)
  SELECT users.account_id, posts.thread_id, max(posts.id), false
  FROM posts
  JOIN (SELECT post_id, account_id FROM post_audience WHERE kind <> 'followers' UNION SELECT id, author_id FROM posts WHERE visibility = 'direct') parties ON parties.post_id = posts.id
  JOIN users ON users.account_id = parties.account_id
  WHERE posts.visibility = 'direct' AND posts.deleted_at IS NULL
  GROUP BY users.account_id, posts.thread_id;
--> statement-breakpoint
ALTER TABLE "search_words" ALTER COLUMN "word" TYPE text COLLATE "C";
