CREATE TABLE `emojis` (
	`id` integer PRIMARY KEY NOT NULL,
	`host` text NOT NULL,
	`shortcode` text NOT NULL,
	`remote_url` text NOT NULL,
	`media_id` integer NOT NULL,
	`media_key` text NOT NULL,
	`updated_at` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `emojis_of_host` ON `emojis` (`host`,`shortcode`);--> statement-breakpoint
CREATE INDEX `emojis_media` ON `emojis` (`media_id`);--> statement-breakpoint
CREATE TABLE `announced_votes` (
	`post_id` integer NOT NULL,
	`voter_uri` text NOT NULL,
	`group_id` integer NOT NULL,
	`uri` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`post_id`, `voter_uri`),
	FOREIGN KEY (`post_id`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `announced_votes_uri` ON `announced_votes` (`uri`);--> statement-breakpoint
CREATE TABLE `community_bans` (
	`id` integer PRIMARY KEY NOT NULL,
	`group_id` integer NOT NULL,
	`account_id` integer NOT NULL,
	`uri` text,
	`reason` text DEFAULT '' NOT NULL,
	`expires_at` integer,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `community_bans_once` ON `community_bans` (`group_id`,`account_id`);--> statement-breakpoint
CREATE INDEX `community_bans_account` ON `community_bans` (`account_id`);--> statement-breakpoint
CREATE INDEX `community_bans_uri` ON `community_bans` (`uri`);--> statement-breakpoint
CREATE INDEX `community_bans_end` ON `community_bans` (`expires_at`);--> statement-breakpoint
CREATE TABLE `histories` (
	`account_id` integer PRIMARY KEY NOT NULL,
	`started_at` integer NOT NULL,
	`ended_at` integer,
	`again_at` integer NOT NULL,
	`posts_count` integer DEFAULT 0 NOT NULL,
	`missing_count` integer DEFAULT 0 NOT NULL,
	`failed` text,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `moves` (
	`account_id` integer PRIMARY KEY NOT NULL,
	`target_id` integer NOT NULL,
	`moved_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `held_activities` (
	`id` integer PRIMARY KEY NOT NULL,
	`host` text NOT NULL,
	`actor_id` integer NOT NULL,
	`owner_id` integer,
	`type` text NOT NULL,
	`activity` text NOT NULL,
	`signature_hash` text NOT NULL,
	`held_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `held_activities_host` ON `held_activities` (`host`,`id`);--> statement-breakpoint
CREATE TABLE `peer_refusals` (
	`host` text NOT NULL,
	`why` text NOT NULL,
	`status` integer NOT NULL,
	`actor_uri` text NOT NULL,
	`count` integer NOT NULL,
	`last_at` integer NOT NULL,
	PRIMARY KEY(`host`, `why`)
);
--> statement-breakpoint
CREATE INDEX `peer_refusals_last` ON `peer_refusals` (`last_at`);--> statement-breakpoint
CREATE TABLE `poll_options` (
	`post_id` integer NOT NULL,
	`position` integer NOT NULL,
	`text` text NOT NULL,
	`name` text NOT NULL,
	`votes_count` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`post_id`, `position`),
	FOREIGN KEY (`post_id`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `poll_votes` (
	`id` integer PRIMARY KEY NOT NULL,
	`post_id` integer NOT NULL,
	`account_id` integer NOT NULL,
	`position` integer NOT NULL,
	`uri` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`post_id`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `poll_votes_once` ON `poll_votes` (`account_id`,`post_id`,`position`);--> statement-breakpoint
CREATE INDEX `poll_votes_post` ON `poll_votes` (`post_id`,`account_id`);--> statement-breakpoint
CREATE TABLE `polls` (
	`post_id` integer PRIMARY KEY NOT NULL,
	`is_multiple` integer NOT NULL,
	`ends_at` integer,
	`closed_at` integer,
	`voters_count` integer,
	`counted_at` integer NOT NULL,
	FOREIGN KEY (`post_id`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `pins` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`post_id` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`post_id`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `pins_once` ON `pins` (`post_id`);--> statement-breakpoint
CREATE INDEX `pins_account` ON `pins` (`account_id`,`id`);--> statement-breakpoint
CREATE TABLE `interactions` (
	`id` integer PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`target_id` integer NOT NULL,
	`from_id` integer NOT NULL,
	`object_uri` text NOT NULL,
	`post_id` integer,
	`state` text NOT NULL,
	`request_uri` text,
	`authorization_uri` text,
	`created_at` integer NOT NULL,
	`decided_at` integer,
	FOREIGN KEY (`target_id`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `interactions_once` ON `interactions` (`target_id`,`kind`,`object_uri`);--> statement-breakpoint
CREATE INDEX `interactions_from` ON `interactions` (`from_id`,`target_id`);--> statement-breakpoint
CREATE INDEX `interactions_post` ON `interactions` (`post_id`) WHERE post_id is not null;--> statement-breakpoint
CREATE INDEX `interactions_object` ON `interactions` (`object_uri`);--> statement-breakpoint
CREATE INDEX `interactions_request` ON `interactions` (`request_uri`) WHERE request_uri is not null;--> statement-breakpoint
CREATE INDEX `interactions_authorization` ON `interactions` (`authorization_uri`) WHERE authorization_uri is not null;--> statement-breakpoint
CREATE INDEX `interactions_waiting` ON `interactions` (`target_id`,`id`) WHERE state = 'pending';--> statement-breakpoint
CREATE TABLE `quotes` (
	`post_id` integer PRIMARY KEY NOT NULL,
	`quoted_uri` text NOT NULL,
	`quoted_id` integer,
	`state` text NOT NULL,
	`is_legacy` integer DEFAULT false NOT NULL,
	`authorization_uri` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`post_id`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `quotes_quoted` ON `quotes` (`quoted_id`);--> statement-breakpoint
CREATE INDEX `quotes_authorization` ON `quotes` (`authorization_uri`) WHERE authorization_uri is not null;--> statement-breakpoint
CREATE TABLE `inboxes` (
	`id` integer PRIMARY KEY NOT NULL,
	`url` text NOT NULL,
	`host` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `inboxes_url` ON `inboxes` (`url`,`host`);--> statement-breakpoint
CREATE TABLE `reach` (
	`id` integer PRIMARY KEY NOT NULL,
	`post_id` integer NOT NULL,
	`inbox_ids` text NOT NULL,
	`hosts_count` integer NOT NULL,
	FOREIGN KEY (`post_id`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `reach_post` ON `reach` (`post_id`);--> statement-breakpoint
CREATE TABLE `reach_misses` (
	`post_id` integer NOT NULL,
	`inbox_url` text NOT NULL,
	`host` text NOT NULL,
	PRIMARY KEY(`post_id`, `inbox_url`),
	FOREIGN KEY (`post_id`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `reaction_counts` (
	`post_id` integer NOT NULL,
	`emoji` text NOT NULL,
	`media_key` text,
	`count` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`post_id`, `emoji`),
	FOREIGN KEY (`post_id`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `reactions` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`post_id` integer NOT NULL,
	`emoji` text NOT NULL,
	`uri` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`post_id`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `reactions_once` ON `reactions` (`account_id`,`post_id`,`emoji`);--> statement-breakpoint
CREATE INDEX `reactions_post` ON `reactions` (`post_id`,`id`);--> statement-breakpoint
CREATE TABLE `relays` (
	`id` integer PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`inbox_url` text NOT NULL,
	`host` text NOT NULL,
	`actor_uri` text,
	`follow_uri` text NOT NULL,
	`state` text DEFAULT 'pending' NOT NULL,
	`added_at` integer NOT NULL,
	`answered_at` integer,
	`heard_at` integer,
	`hour_started_at` integer DEFAULT 0 NOT NULL,
	`fetches_count` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `relays_inbox` ON `relays` (`inbox_url`);--> statement-breakpoint
CREATE UNIQUE INDEX `relays_actor` ON `relays` (`actor_uri`);--> statement-breakpoint
CREATE UNIQUE INDEX `relays_follow` ON `relays` (`follow_uri`);--> statement-breakpoint
CREATE TABLE `retention_passes` (
	`id` integer PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`limits` text NOT NULL,
	`part` text DEFAULT 'posts' NOT NULL,
	`after_id` integer DEFAULT 0 NOT NULL,
	`excess_left` integer DEFAULT 0 NOT NULL,
	`posts_total` integer DEFAULT 0 NOT NULL,
	`posts_seen` integer DEFAULT 0 NOT NULL,
	`posts_out` integer DEFAULT 0 NOT NULL,
	`text_bytes_out` integer DEFAULT 0 NOT NULL,
	`pictures_out` integer DEFAULT 0 NOT NULL,
	`picture_bytes_out` integer DEFAULT 0 NOT NULL,
	`samples` text DEFAULT '[]' NOT NULL,
	`started_at` integer NOT NULL,
	`ended_at` integer
);
--> statement-breakpoint
CREATE INDEX `retention_passes_kind` ON `retention_passes` (`kind`,`id`);--> statement-breakpoint
CREATE TABLE `taken_back` (
	`actor_id` integer NOT NULL,
	`key` text NOT NULL,
	`state` text NOT NULL,
	`kept_until` integer NOT NULL,
	PRIMARY KEY(`actor_id`, `key`)
);
--> statement-breakpoint
CREATE INDEX `taken_back_actor` ON `taken_back` (`actor_id`,`kept_until`);--> statement-breakpoint
CREATE INDEX `taken_back_end` ON `taken_back` (`kept_until`);--> statement-breakpoint
CREATE TABLE `thread_pulls` (
	`id` integer PRIMARY KEY NOT NULL,
	`thread_id` integer NOT NULL,
	`anchor_id` integer NOT NULL,
	`fetches_left` integer NOT NULL,
	`posts_count` integer DEFAULT 0 NOT NULL,
	`missing_hosts` text DEFAULT '[]' NOT NULL,
	`missing_count` integer DEFAULT 0 NOT NULL,
	`started_at` integer NOT NULL,
	`ended_at` integer,
	`again_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `thread_pulls_thread` ON `thread_pulls` (`thread_id`,`id`);--> statement-breakpoint
CREATE INDEX `thread_pulls_running` ON `thread_pulls` (`ended_at`);--> statement-breakpoint
CREATE TABLE `thread_sources` (
	`pull_id` integer NOT NULL,
	`url` text NOT NULL,
	`kind` text NOT NULL,
	`depth` integer NOT NULL,
	`is_done` integer DEFAULT false NOT NULL,
	PRIMARY KEY(`pull_id`, `url`)
);
--> statement-breakpoint
CREATE INDEX `thread_sources_waiting` ON `thread_sources` (`pull_id`,`is_done`,`depth`);--> statement-breakpoint
ALTER TABLE `accounts` ADD `is_memorial` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `accounts` ADD `emojis` text;--> statement-breakpoint
ALTER TABLE `follows` ADD `asked_again_count` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `follows` ADD `asked_again_at` integer;--> statement-breakpoint
CREATE INDEX `follows_pending` ON `follows` (`id`) WHERE state = 'pending';--> statement-breakpoint
ALTER TABLE `peers` ADD `trusted_at` integer;--> statement-breakpoint
ALTER TABLE `peers` ADD `software` text;--> statement-breakpoint
ALTER TABLE `peers` ADD `software_version` text;--> statement-breakpoint
ALTER TABLE `peers` ADD `software_read_at` integer;--> statement-breakpoint
ALTER TABLE `peers` ADD `received_bytes` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `peers` ADD `delivered_bytes` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `peers_first_seen` ON `peers` (`first_seen_at`);--> statement-breakpoint
ALTER TABLE `tombstones` ADD `author_id` integer;--> statement-breakpoint
ALTER TABLE `post_versions` ADD `options` text;--> statement-breakpoint
ALTER TABLE `posts` ADD `abstract_html` text;--> statement-breakpoint
ALTER TABLE `posts` ADD `emojis` text;--> statement-breakpoint
ALTER TABLE `posts` ADD `can_quote` text;--> statement-breakpoint
ALTER TABLE `posts` ADD `can_reply` text;--> statement-breakpoint
ALTER TABLE `posts` ADD `can_like` text;--> statement-breakpoint
ALTER TABLE `posts` ADD `can_announce` text;--> statement-breakpoint
ALTER TABLE `posts` ADD `is_quote` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `posts` ADD `is_held` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `posts` ADD `audience_uri` text;--> statement-breakpoint
ALTER TABLE `posts` ADD `replies_url` text;--> statement-breakpoint
ALTER TABLE `posts` ADD `context_url` text;--> statement-breakpoint
ALTER TABLE `posts` ADD `received_at` integer;--> statement-breakpoint
ALTER TABLE `users` ADD `default_can_quote` text;--> statement-breakpoint
ALTER TABLE `users` ADD `default_can_reply` text;--> statement-breakpoint
ALTER TABLE `users` ADD `proves_posts` integer DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE `users` ADD `lists_follows` integer DEFAULT true NOT NULL;--> statement-breakpoint
CREATE INDEX `mutes_target` ON `mutes` (`target_id`);--> statement-breakpoint
CREATE INDEX `bookmarks_post` ON `bookmarks` (`post_id`);