CREATE TABLE `account_keys` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`uri` text NOT NULL,
	`kind` text NOT NULL,
	`public_pem` text NOT NULL,
	`private_sealed` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `account_keys_of` ON `account_keys` (`account_id`,`uri`);--> statement-breakpoint
CREATE INDEX `account_keys_uri` ON `account_keys` (`uri`);--> statement-breakpoint
CREATE TABLE `accounts` (
	`id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`name_key` text NOT NULL,
	`domain` text,
	`uri` text NOT NULL,
	`host` text,
	`url` text,
	`type` text DEFAULT 'Person' NOT NULL,
	`display_name` text DEFAULT '' NOT NULL,
	`bio_html` text DEFAULT '' NOT NULL,
	`bio_text` text,
	`fields` text DEFAULT '[]' NOT NULL,
	`avatar_id` integer,
	`header_id` integer,
	`is_locked` integer DEFAULT false NOT NULL,
	`is_discoverable` integer DEFAULT true NOT NULL,
	`is_indexable` integer DEFAULT false NOT NULL,
	`inbox_url` text,
	`shared_inbox_url` text,
	`outbox_url` text,
	`followers_url` text,
	`following_url` text,
	`featured_url` text,
	`also_known_as` text DEFAULT '[]' NOT NULL,
	`moved_to_uri` text,
	`followers_count` integer DEFAULT 0 NOT NULL,
	`following_count` integer DEFAULT 0 NOT NULL,
	`posts_count` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`fetched_at` integer,
	`suspended_at` integer,
	`suspended_by` text,
	`silenced_at` integer,
	`domain_severity` text,
	`deleted_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `accounts_uri` ON `accounts` (`uri`);--> statement-breakpoint
CREATE UNIQUE INDEX `accounts_local_name` ON `accounts` (`name_key`) WHERE domain is null;--> statement-breakpoint
CREATE INDEX `accounts_handle` ON `accounts` (`name_key`,`domain`);--> statement-breakpoint
CREATE INDEX `accounts_domain` ON `accounts` (`domain`);--> statement-breakpoint
CREATE INDEX `accounts_host` ON `accounts` (`host`);--> statement-breakpoint
CREATE INDEX `accounts_suspended` ON `accounts` (`id`) WHERE suspended_at is not null;--> statement-breakpoint
CREATE TABLE `blocks` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`target_id` integer NOT NULL,
	`uri` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `blocks_once` ON `blocks` (`account_id`,`target_id`);--> statement-breakpoint
CREATE INDEX `blocks_target` ON `blocks` (`target_id`);--> statement-breakpoint
CREATE TABLE `follows` (
	`id` integer PRIMARY KEY NOT NULL,
	`follower_id` integer NOT NULL,
	`followed_id` integer NOT NULL,
	`state` text NOT NULL,
	`uri` text NOT NULL,
	`show_boosts` integer DEFAULT true NOT NULL,
	`created_at` integer NOT NULL,
	`accepted_at` integer,
	FOREIGN KEY (`follower_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`followed_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `follows_once` ON `follows` (`follower_id`,`followed_id`);--> statement-breakpoint
CREATE INDEX `follows_followed` ON `follows` (`followed_id`,`state`,`id`);--> statement-breakpoint
CREATE INDEX `follows_follower` ON `follows` (`follower_id`,`state`,`id`);--> statement-breakpoint
CREATE INDEX `follows_uri` ON `follows` (`uri`);--> statement-breakpoint
CREATE TABLE `mutes` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`target_id` integer NOT NULL,
	`hides_notifications` integer DEFAULT true NOT NULL,
	`expires_at` integer,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `mutes_once` ON `mutes` (`account_id`,`target_id`);--> statement-breakpoint
CREATE TABLE `jobs` (
	`id` integer PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`input` text NOT NULL,
	`lane` text NOT NULL,
	`order_key` text,
	`once_key` text,
	`attempts` integer DEFAULT 0 NOT NULL,
	`run_at` integer NOT NULL,
	`locked_until` integer,
	`lease` integer,
	`last_error` text,
	`dead_at` integer,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `jobs_due` ON `jobs` (`lane`,`run_at`) WHERE dead_at is null;--> statement-breakpoint
CREATE INDEX `jobs_order` ON `jobs` (`order_key`,`id`) WHERE order_key is not null;--> statement-breakpoint
CREATE UNIQUE INDEX `jobs_once` ON `jobs` (`once_key`) WHERE once_key is not null;--> statement-breakpoint
CREATE INDEX `jobs_dead` ON `jobs` (`dead_at`) WHERE dead_at is not null;--> statement-breakpoint
CREATE TABLE `schedules` (
	`name` text PRIMARY KEY NOT NULL,
	`next_run_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `media` (
	`id` integer PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`account_id` integer NOT NULL,
	`use` text NOT NULL,
	`post_id` integer,
	`position` integer DEFAULT 0 NOT NULL,
	`alt` text DEFAULT '' NOT NULL,
	`focus_x` integer DEFAULT 0 NOT NULL,
	`focus_y` integer DEFAULT 0 NOT NULL,
	`remote_url` text,
	`mime` text NOT NULL,
	`width` integer,
	`height` integer,
	`file_hash` text,
	`preview_hash` text,
	`is_broken` integer DEFAULT false NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `media_key` ON `media` (`key`);--> statement-breakpoint
CREATE INDEX `media_post` ON `media` (`post_id`,`position`);--> statement-breakpoint
CREATE INDEX `media_account` ON `media` (`account_id`,`id`);--> statement-breakpoint
CREATE INDEX `media_file` ON `media` (`file_hash`);--> statement-breakpoint
CREATE INDEX `media_preview` ON `media` (`preview_hash`);--> statement-breakpoint
CREATE INDEX `media_waiting` ON `media` (`created_at`) WHERE post_id is null;--> statement-breakpoint
CREATE TABLE `media_files` (
	`hash` text PRIMARY KEY NOT NULL,
	`mime` text NOT NULL,
	`size_bytes` integer NOT NULL,
	`width` integer NOT NULL,
	`height` integer NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `audit_entries` (
	`id` integer PRIMARY KEY NOT NULL,
	`actor_kind` text NOT NULL,
	`actor_id` integer,
	`act` text NOT NULL,
	`target_kind` text NOT NULL,
	`target` text NOT NULL,
	`target_label` text NOT NULL,
	`reason` text DEFAULT '' NOT NULL,
	`details` text DEFAULT '{}' NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_entries_target` ON `audit_entries` (`target_kind`,`target`,`id`);--> statement-breakpoint
CREATE INDEX `audit_entries_act` ON `audit_entries` (`act`,`id`);--> statement-breakpoint
CREATE TABLE `domain_limits` (
	`domain` text PRIMARY KEY NOT NULL,
	`severity` text NOT NULL,
	`reason` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `instance_facts` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `report_notes` (
	`id` integer PRIMARY KEY NOT NULL,
	`report_id` integer NOT NULL,
	`author_id` integer NOT NULL,
	`text` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`report_id`) REFERENCES `reports`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `report_notes_report` ON `report_notes` (`report_id`,`id`);--> statement-breakpoint
CREATE TABLE `report_posts` (
	`report_id` integer NOT NULL,
	`post_id` integer NOT NULL,
	`copy` text NOT NULL,
	PRIMARY KEY(`report_id`, `post_id`),
	FOREIGN KEY (`report_id`) REFERENCES `reports`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `report_posts_post` ON `report_posts` (`post_id`);--> statement-breakpoint
CREATE TABLE `reports` (
	`id` integer PRIMARY KEY NOT NULL,
	`reporter_id` integer NOT NULL,
	`target_id` integer NOT NULL,
	`comment` text DEFAULT '' NOT NULL,
	`category` text DEFAULT 'other' NOT NULL,
	`assigned_to` integer,
	`handled_at` integer,
	`handled_by` integer,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `reports_waiting` ON `reports` (`id`) WHERE handled_at is null;--> statement-breakpoint
CREATE INDEX `reports_target` ON `reports` (`target_id`);--> statement-breakpoint
CREATE TABLE `settings` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `notifications` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`kind` text NOT NULL,
	`from_id` integer NOT NULL,
	`post_id` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `notifications_once` ON `notifications` (`account_id`,`kind`,`from_id`,`post_id`);--> statement-breakpoint
CREATE INDEX `notifications_account` ON `notifications` (`account_id`,`id`);--> statement-breakpoint
CREATE INDEX `notifications_post` ON `notifications` (`post_id`);--> statement-breakpoint
CREATE TABLE `activities` (
	`id` integer PRIMARY KEY NOT NULL,
	`uri` text NOT NULL,
	`actor_id` integer NOT NULL,
	`body` text NOT NULL,
	`object_uri` text,
	`written_up_to` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `activities_uri` ON `activities` (`uri`);--> statement-breakpoint
CREATE INDEX `activities_object` ON `activities` (`object_uri`);--> statement-breakpoint
CREATE TABLE `deliveries` (
	`id` integer PRIMARY KEY NOT NULL,
	`activity_id` integer NOT NULL,
	`inbox_url` text NOT NULL,
	`host` text NOT NULL,
	`lane` text NOT NULL,
	`order_key` text,
	`attempts` integer DEFAULT 0 NOT NULL,
	`run_at` integer NOT NULL,
	`locked_until` integer,
	`last_error` text,
	`dead_at` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`activity_id`) REFERENCES `activities`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `deliveries_once` ON `deliveries` (`activity_id`,`inbox_url`);--> statement-breakpoint
CREATE INDEX `deliveries_due` ON `deliveries` (`lane`,`run_at`) WHERE dead_at is null;--> statement-breakpoint
CREATE INDEX `deliveries_locked` ON `deliveries` (`locked_until`) WHERE locked_until is not null;--> statement-breakpoint
CREATE INDEX `deliveries_order` ON `deliveries` (`inbox_url`,`order_key`,`id`);--> statement-breakpoint
CREATE INDEX `deliveries_host` ON `deliveries` (`host`,`id`);--> statement-breakpoint
CREATE INDEX `deliveries_dead` ON `deliveries` (`dead_at`) WHERE dead_at is not null;--> statement-breakpoint
CREATE TABLE `peers` (
	`host` text PRIMARY KEY NOT NULL,
	`signature_kind` text DEFAULT 'cavage' NOT NULL,
	`first_seen_at` integer NOT NULL,
	`last_received_at` integer,
	`last_delivered_at` integer,
	`failing_since` integer,
	`failures_count` integer DEFAULT 0 NOT NULL,
	`last_error` text,
	`held_until` integer,
	`is_backlogged` integer DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE INDEX `peers_backlogged` ON `peers` (`held_until`) WHERE is_backlogged;--> statement-breakpoint
CREATE TABLE `receipts` (
	`signature_hash` text PRIMARY KEY NOT NULL,
	`received_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `receipts_received` ON `receipts` (`received_at`);--> statement-breakpoint
CREATE TABLE `tombstones` (
	`uri` text PRIMARY KEY NOT NULL,
	`deleted_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `tombstones_deleted` ON `tombstones` (`deleted_at`);--> statement-breakpoint
CREATE TABLE `bookmarks` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`post_id` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`post_id`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `bookmarks_once` ON `bookmarks` (`account_id`,`post_id`);--> statement-breakpoint
CREATE INDEX `bookmarks_account` ON `bookmarks` (`account_id`,`id`);--> statement-breakpoint
CREATE TABLE `favourites` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`post_id` integer NOT NULL,
	`uri` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`post_id`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `favourites_once` ON `favourites` (`account_id`,`post_id`);--> statement-breakpoint
CREATE INDEX `favourites_post` ON `favourites` (`post_id`,`id`);--> statement-breakpoint
CREATE INDEX `favourites_account` ON `favourites` (`account_id`,`id`);--> statement-breakpoint
CREATE TABLE `post_audience` (
	`post_id` integer NOT NULL,
	`kind` text NOT NULL,
	`account_id` integer NOT NULL,
	PRIMARY KEY(`post_id`, `account_id`, `kind`),
	FOREIGN KEY (`post_id`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `post_audience_account` ON `post_audience` (`account_id`,`post_id`);--> statement-breakpoint
CREATE TABLE `post_mentions` (
	`post_id` integer NOT NULL,
	`account_id` integer NOT NULL,
	PRIMARY KEY(`post_id`, `account_id`),
	FOREIGN KEY (`post_id`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `post_mentions_account` ON `post_mentions` (`account_id`,`post_id`);--> statement-breakpoint
CREATE TABLE `post_tags` (
	`post_id` integer NOT NULL,
	`tag` text NOT NULL,
	PRIMARY KEY(`tag`, `post_id`),
	FOREIGN KEY (`post_id`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `post_tags_post` ON `post_tags` (`post_id`);--> statement-breakpoint
CREATE TABLE `post_versions` (
	`post_id` integer NOT NULL,
	`version` integer NOT NULL,
	`title` text,
	`html` text NOT NULL,
	`source` text,
	`warning` text NOT NULL,
	`media` text DEFAULT '[]' NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`post_id`, `version`),
	FOREIGN KEY (`post_id`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `posts` (
	`id` integer PRIMARY KEY NOT NULL,
	`uri` text NOT NULL,
	`url` text,
	`author_id` integer NOT NULL,
	`boost_of_id` integer,
	`reply_to_id` integer,
	`reply_to_uri` text,
	`reply_to_author_id` integer,
	`thread_id` integer NOT NULL,
	`type` text DEFAULT 'Note' NOT NULL,
	`title` text,
	`html` text DEFAULT '' NOT NULL,
	`source` text,
	`warning` text DEFAULT '' NOT NULL,
	`is_sensitive` integer DEFAULT false NOT NULL,
	`language` text,
	`visibility` text NOT NULL,
	`is_local` integer NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`replies_count` integer DEFAULT 0 NOT NULL,
	`boosts_count` integer DEFAULT 0 NOT NULL,
	`favourites_count` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`edited_at` integer,
	`deleted_at` integer,
	FOREIGN KEY (`author_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `posts_uri` ON `posts` (`uri`);--> statement-breakpoint
CREATE INDEX `posts_author` ON `posts` (`author_id`,`id`);--> statement-breakpoint
CREATE INDEX `posts_outbox` ON `posts` (`author_id`,`id`) WHERE visibility in ('public', 'unlisted') and is_local and deleted_at is null;--> statement-breakpoint
CREATE INDEX `posts_thread` ON `posts` (`thread_id`,`id`);--> statement-breakpoint
CREATE INDEX `posts_reply_to` ON `posts` (`reply_to_id`);--> statement-breakpoint
CREATE INDEX `posts_reply_to_uri` ON `posts` (`reply_to_uri`) WHERE reply_to_uri is not null and reply_to_id is null;--> statement-breakpoint
CREATE UNIQUE INDEX `posts_boost` ON `posts` (`author_id`,`boost_of_id`) WHERE boost_of_id is not null;--> statement-breakpoint
CREATE INDEX `posts_boost_of` ON `posts` (`boost_of_id`) WHERE boost_of_id is not null;--> statement-breakpoint
CREATE INDEX `posts_public_local` ON `posts` (`id`) WHERE visibility = 'public' and is_local and deleted_at is null and boost_of_id is null;--> statement-breakpoint
CREATE INDEX `posts_public` ON `posts` (`id`) WHERE visibility = 'public' and deleted_at is null and boost_of_id is null;--> statement-breakpoint
CREATE TABLE `submissions` (
	`account_id` integer NOT NULL,
	`key` text NOT NULL,
	`post_id` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`account_id`, `key`)
);
--> statement-breakpoint
CREATE INDEX `submissions_created` ON `submissions` (`created_at`);--> statement-breakpoint
CREATE TABLE `attempts` (
	`key` text PRIMARY KEY NOT NULL,
	`count` integer NOT NULL,
	`window_ends_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `attempts_end` ON `attempts` (`window_ends_at`);--> statement-breakpoint
CREATE TABLE `invites` (
	`id` integer PRIMARY KEY NOT NULL,
	`code` text NOT NULL,
	`created_by` integer NOT NULL,
	`uses_left` integer NOT NULL,
	`expires_at` integer,
	`is_revoked` integer DEFAULT false NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `invites_code` ON `invites` (`code`);--> statement-breakpoint
CREATE TABLE `one_time_tokens` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`purpose` text NOT NULL,
	`account_id` integer,
	`email` text,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `one_time_tokens_account` ON `one_time_tokens` (`account_id`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` integer PRIMARY KEY NOT NULL,
	`token_hash` text NOT NULL,
	`account_id` integer NOT NULL,
	`user_agent` text DEFAULT '' NOT NULL,
	`address` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL,
	`last_seen_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `users`(`account_id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_token` ON `sessions` (`token_hash`);--> statement-breakpoint
CREATE INDEX `sessions_account` ON `sessions` (`account_id`);--> statement-breakpoint
CREATE TABLE `users` (
	`account_id` integer PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`email_key` text NOT NULL,
	`email_confirmed_at` integer,
	`password_hash` text NOT NULL,
	`role` text DEFAULT 'person' NOT NULL,
	`language` text DEFAULT 'en' NOT NULL,
	`time_zone` text,
	`theme` text DEFAULT 'system' NOT NULL,
	`default_visibility` text DEFAULT 'public' NOT NULL,
	`approved_at` integer,
	`sign_up_reason` text,
	`sign_up_address` text,
	`invite_id` integer,
	`rules_accepted_at` integer,
	`rules_accepted` text DEFAULT '[]' NOT NULL,
	`notifications_read_id` integer DEFAULT 0 NOT NULL,
	`last_seen_at` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_email` ON `users` (`email_key`);--> statement-breakpoint
CREATE INDEX `users_waiting` ON `users` (`account_id`) WHERE approved_at is null;