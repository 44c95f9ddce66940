CREATE TABLE "emojis" (
	"id" bigint PRIMARY KEY NOT NULL,
	"host" text NOT NULL,
	"shortcode" text NOT NULL,
	"remote_url" text NOT NULL,
	"media_id" bigint NOT NULL,
	"media_key" text NOT NULL,
	"updated_at" bigint DEFAULT 0 NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "announced_votes" (
	"post_id" bigint NOT NULL,
	"voter_uri" text NOT NULL,
	"group_id" bigint NOT NULL,
	"uri" text,
	"created_at" bigint NOT NULL,
	CONSTRAINT "announced_votes_post_id_voter_uri_pk" PRIMARY KEY("post_id","voter_uri")
);
--> statement-breakpoint
CREATE TABLE "community_bans" (
	"id" bigint PRIMARY KEY NOT NULL,
	"group_id" bigint NOT NULL,
	"account_id" bigint NOT NULL,
	"uri" text,
	"reason" text DEFAULT '' NOT NULL,
	"expires_at" bigint,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
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
CREATE TABLE "held_activities" (
	"id" bigint PRIMARY KEY NOT NULL,
	"host" text NOT NULL,
	"actor_id" bigint NOT NULL,
	"owner_id" bigint,
	"type" text NOT NULL,
	"activity" jsonb NOT NULL,
	"signature_hash" text NOT NULL,
	"held_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "peer_refusals" (
	"host" text NOT NULL,
	"why" text NOT NULL,
	"status" bigint NOT NULL,
	"actor_uri" text NOT NULL,
	"count" bigint NOT NULL,
	"last_at" bigint NOT NULL,
	CONSTRAINT "peer_refusals_host_why_pk" PRIMARY KEY("host","why")
);
--> statement-breakpoint
CREATE TABLE "poll_options" (
	"post_id" bigint NOT NULL,
	"position" bigint NOT NULL,
	"text" text NOT NULL,
	"name" text NOT NULL,
	"votes_count" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "poll_options_post_id_position_pk" PRIMARY KEY("post_id","position")
);
--> statement-breakpoint
CREATE TABLE "poll_votes" (
	"id" bigint PRIMARY KEY NOT NULL,
	"post_id" bigint NOT NULL,
	"account_id" bigint NOT NULL,
	"position" bigint NOT NULL,
	"uri" text,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "polls" (
	"post_id" bigint PRIMARY KEY NOT NULL,
	"is_multiple" boolean NOT NULL,
	"ends_at" bigint,
	"closed_at" bigint,
	"voters_count" bigint,
	"counted_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "pins" (
	"id" bigint PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"post_id" bigint NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "interactions" (
	"id" bigint PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"target_id" bigint NOT NULL,
	"from_id" bigint NOT NULL,
	"object_uri" text NOT NULL,
	"post_id" bigint,
	"state" text NOT NULL,
	"request_uri" text,
	"authorization_uri" text,
	"created_at" bigint NOT NULL,
	"decided_at" bigint
);
--> statement-breakpoint
CREATE TABLE "quotes" (
	"post_id" bigint PRIMARY KEY NOT NULL,
	"quoted_uri" text NOT NULL,
	"quoted_id" bigint,
	"state" text NOT NULL,
	"is_legacy" boolean DEFAULT false NOT NULL,
	"authorization_uri" text,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "inboxes" (
	"id" bigint PRIMARY KEY NOT NULL,
	"url" text NOT NULL,
	"host" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reach" (
	"id" bigint PRIMARY KEY NOT NULL,
	"post_id" bigint NOT NULL,
	"inbox_ids" jsonb NOT NULL,
	"hosts_count" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reach_misses" (
	"post_id" bigint NOT NULL,
	"inbox_url" text NOT NULL,
	"host" text NOT NULL,
	CONSTRAINT "reach_misses_post_id_inbox_url_pk" PRIMARY KEY("post_id","inbox_url")
);
--> statement-breakpoint
CREATE TABLE "reaction_counts" (
	"post_id" bigint NOT NULL,
	"emoji" text NOT NULL,
	"media_key" text,
	"count" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "reaction_counts_post_id_emoji_pk" PRIMARY KEY("post_id","emoji")
);
--> statement-breakpoint
CREATE TABLE "reactions" (
	"id" bigint PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"post_id" bigint NOT NULL,
	"emoji" text NOT NULL,
	"uri" text,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "relays" (
	"id" bigint PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"inbox_url" text NOT NULL,
	"host" text NOT NULL,
	"actor_uri" text,
	"follow_uri" text NOT NULL,
	"state" text DEFAULT 'pending' NOT NULL,
	"added_at" bigint NOT NULL,
	"answered_at" bigint,
	"heard_at" bigint,
	"hour_started_at" bigint DEFAULT 0 NOT NULL,
	"fetches_count" bigint DEFAULT 0 NOT NULL
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
CREATE TABLE "taken_back" (
	"actor_id" bigint NOT NULL,
	"key" text NOT NULL,
	"state" text NOT NULL,
	"kept_until" bigint NOT NULL,
	CONSTRAINT "taken_back_actor_id_key_pk" PRIMARY KEY("actor_id","key")
);
--> statement-breakpoint
CREATE TABLE "thread_pulls" (
	"id" bigint PRIMARY KEY NOT NULL,
	"thread_id" bigint NOT NULL,
	"anchor_id" bigint NOT NULL,
	"fetches_left" bigint NOT NULL,
	"posts_count" bigint DEFAULT 0 NOT NULL,
	"missing_hosts" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"missing_count" bigint DEFAULT 0 NOT NULL,
	"started_at" bigint NOT NULL,
	"ended_at" bigint,
	"again_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "thread_sources" (
	"pull_id" bigint NOT NULL,
	"url" text NOT NULL,
	"kind" text NOT NULL,
	"depth" bigint NOT NULL,
	"is_done" boolean DEFAULT false NOT NULL,
	CONSTRAINT "thread_sources_pull_id_url_pk" PRIMARY KEY("pull_id","url")
);
--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "is_memorial" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "emojis" jsonb;--> statement-breakpoint
ALTER TABLE "follows" ADD COLUMN "asked_again_count" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "follows" ADD COLUMN "asked_again_at" bigint;--> statement-breakpoint
ALTER TABLE "peers" ADD COLUMN "trusted_at" bigint;--> statement-breakpoint
ALTER TABLE "peers" ADD COLUMN "software" text;--> statement-breakpoint
ALTER TABLE "peers" ADD COLUMN "software_version" text;--> statement-breakpoint
ALTER TABLE "peers" ADD COLUMN "software_read_at" bigint;--> statement-breakpoint
ALTER TABLE "peers" ADD COLUMN "received_bytes" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "peers" ADD COLUMN "delivered_bytes" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "tombstones" ADD COLUMN "author_id" bigint;--> statement-breakpoint
ALTER TABLE "post_versions" ADD COLUMN "options" jsonb;--> statement-breakpoint
ALTER TABLE "posts" ADD COLUMN "abstract_html" text;--> statement-breakpoint
ALTER TABLE "posts" ADD COLUMN "emojis" jsonb;--> statement-breakpoint
ALTER TABLE "posts" ADD COLUMN "can_quote" text;--> statement-breakpoint
ALTER TABLE "posts" ADD COLUMN "can_reply" text;--> statement-breakpoint
ALTER TABLE "posts" ADD COLUMN "can_like" text;--> statement-breakpoint
ALTER TABLE "posts" ADD COLUMN "can_announce" text;--> statement-breakpoint
ALTER TABLE "posts" ADD COLUMN "is_quote" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "posts" ADD COLUMN "is_held" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "posts" ADD COLUMN "audience_uri" text;--> statement-breakpoint
ALTER TABLE "posts" ADD COLUMN "replies_url" text;--> statement-breakpoint
ALTER TABLE "posts" ADD COLUMN "context_url" text;--> statement-breakpoint
ALTER TABLE "posts" ADD COLUMN "received_at" bigint;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "default_can_quote" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "default_can_reply" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "proves_posts" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "lists_follows" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "announced_votes" ADD CONSTRAINT "announced_votes_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "histories" ADD CONSTRAINT "histories_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "moves" ADD CONSTRAINT "moves_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "poll_options" ADD CONSTRAINT "poll_options_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "poll_votes" ADD CONSTRAINT "poll_votes_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "polls" ADD CONSTRAINT "polls_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pins" ADD CONSTRAINT "pins_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "interactions" ADD CONSTRAINT "interactions_target_id_posts_id_fk" FOREIGN KEY ("target_id") REFERENCES "public"."posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quotes" ADD CONSTRAINT "quotes_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reach" ADD CONSTRAINT "reach_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reach_misses" ADD CONSTRAINT "reach_misses_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reaction_counts" ADD CONSTRAINT "reaction_counts_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reactions" ADD CONSTRAINT "reactions_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "emojis_of_host" ON "emojis" USING btree ("host","shortcode");--> statement-breakpoint
CREATE INDEX "emojis_media" ON "emojis" USING btree ("media_id");--> statement-breakpoint
CREATE INDEX "announced_votes_uri" ON "announced_votes" USING btree ("uri");--> statement-breakpoint
CREATE UNIQUE INDEX "community_bans_once" ON "community_bans" USING btree ("group_id","account_id");--> statement-breakpoint
CREATE INDEX "community_bans_account" ON "community_bans" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "community_bans_uri" ON "community_bans" USING btree ("uri");--> statement-breakpoint
CREATE INDEX "community_bans_end" ON "community_bans" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "held_activities_host" ON "held_activities" USING btree ("host","id");--> statement-breakpoint
CREATE INDEX "peer_refusals_last" ON "peer_refusals" USING btree ("last_at");--> statement-breakpoint
CREATE UNIQUE INDEX "poll_votes_once" ON "poll_votes" USING btree ("account_id","post_id","position");--> statement-breakpoint
CREATE INDEX "poll_votes_post" ON "poll_votes" USING btree ("post_id","account_id");--> statement-breakpoint
CREATE UNIQUE INDEX "pins_once" ON "pins" USING btree ("post_id");--> statement-breakpoint
CREATE INDEX "pins_account" ON "pins" USING btree ("account_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "interactions_once" ON "interactions" USING btree ("target_id","kind","object_uri");--> statement-breakpoint
CREATE INDEX "interactions_from" ON "interactions" USING btree ("from_id","target_id");--> statement-breakpoint
CREATE INDEX "interactions_post" ON "interactions" USING btree ("post_id") WHERE post_id is not null;--> statement-breakpoint
CREATE INDEX "interactions_object" ON "interactions" USING btree ("object_uri");--> statement-breakpoint
CREATE INDEX "interactions_request" ON "interactions" USING btree ("request_uri") WHERE request_uri is not null;--> statement-breakpoint
CREATE INDEX "interactions_authorization" ON "interactions" USING btree ("authorization_uri") WHERE authorization_uri is not null;--> statement-breakpoint
CREATE INDEX "interactions_waiting" ON "interactions" USING btree ("target_id","id") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "quotes_quoted" ON "quotes" USING btree ("quoted_id");--> statement-breakpoint
CREATE INDEX "quotes_authorization" ON "quotes" USING btree ("authorization_uri") WHERE authorization_uri is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "inboxes_url" ON "inboxes" USING btree ("url","host");--> statement-breakpoint
CREATE INDEX "reach_post" ON "reach" USING btree ("post_id");--> statement-breakpoint
CREATE UNIQUE INDEX "reactions_once" ON "reactions" USING btree ("account_id","post_id","emoji");--> statement-breakpoint
CREATE INDEX "reactions_post" ON "reactions" USING btree ("post_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "relays_inbox" ON "relays" USING btree ("inbox_url");--> statement-breakpoint
CREATE UNIQUE INDEX "relays_actor" ON "relays" USING btree ("actor_uri");--> statement-breakpoint
CREATE UNIQUE INDEX "relays_follow" ON "relays" USING btree ("follow_uri");--> statement-breakpoint
CREATE INDEX "retention_passes_kind" ON "retention_passes" USING btree ("kind","id");--> statement-breakpoint
CREATE INDEX "taken_back_actor" ON "taken_back" USING btree ("actor_id","kept_until");--> statement-breakpoint
CREATE INDEX "taken_back_end" ON "taken_back" USING btree ("kept_until");--> statement-breakpoint
CREATE INDEX "thread_pulls_thread" ON "thread_pulls" USING btree ("thread_id","id");--> statement-breakpoint
CREATE INDEX "thread_pulls_running" ON "thread_pulls" USING btree ("ended_at");--> statement-breakpoint
CREATE INDEX "thread_sources_waiting" ON "thread_sources" USING btree ("pull_id","is_done","depth");--> statement-breakpoint
CREATE INDEX "follows_pending" ON "follows" USING btree ("id") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "mutes_target" ON "mutes" USING btree ("target_id");--> statement-breakpoint
CREATE INDEX "peers_first_seen" ON "peers" USING btree ("first_seen_at");--> statement-breakpoint
CREATE INDEX "bookmarks_post" ON "bookmarks" USING btree ("post_id");