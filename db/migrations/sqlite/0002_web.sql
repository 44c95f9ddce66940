CREATE TABLE `drafts` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`key` text NOT NULL,
	`parts` text NOT NULL,
	`warning` text DEFAULT '' NOT NULL,
	`visibility` text NOT NULL,
	`language` text,
	`is_sensitive` integer DEFAULT false NOT NULL,
	`is_local_only` integer DEFAULT false NOT NULL,
	`is_markdown` integer DEFAULT false NOT NULL,
	`poll` text,
	`policies` text NOT NULL,
	`reply_to_id` integer,
	`quote_id` integer,
	`publish_at` integer,
	`is_scheduled` integer DEFAULT false NOT NULL,
	`failure` text,
	`version` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `drafts_key` ON `drafts` (`account_id`,`key`);--> statement-breakpoint
CREATE INDEX `drafts_account` ON `drafts` (`account_id`,`updated_at`);--> statement-breakpoint
CREATE INDEX `drafts_scheduled` ON `drafts` (`account_id`,`publish_at`) WHERE is_scheduled;--> statement-breakpoint
CREATE INDEX `drafts_idle` ON `drafts` (`updated_at`) WHERE not is_scheduled;--> statement-breakpoint
CREATE TABLE `code_apps` (
	`account_id` integer PRIMARY KEY NOT NULL,
	`secret_sealed` text NOT NULL,
	`confirmed_at` integer,
	`last_step` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `users`(`account_id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `passkeys` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`credential_id` text NOT NULL,
	`public_key` text NOT NULL,
	`counter` integer NOT NULL,
	`transports` text DEFAULT '[]' NOT NULL,
	`name` text NOT NULL,
	`is_backed_up` integer DEFAULT false NOT NULL,
	`last_used_at` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `users`(`account_id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `passkeys_credential` ON `passkeys` (`credential_id`);--> statement-breakpoint
CREATE INDEX `passkeys_account` ON `passkeys` (`account_id`);--> statement-breakpoint
CREATE TABLE `recovery_codes` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`code_hash` text NOT NULL,
	`used_at` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `users`(`account_id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `recovery_codes_of` ON `recovery_codes` (`account_id`,`code_hash`);--> statement-breakpoint
CREATE TABLE `sign_in_attempts` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_id` integer,
	`way` text NOT NULL,
	`is_good` integer NOT NULL,
	`user_agent` text DEFAULT '' NOT NULL,
	`address` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `users`(`account_id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `sign_in_attempts_account` ON `sign_in_attempts` (`account_id`,`id`);--> statement-breakpoint
CREATE TABLE `sign_in_steps` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`failures` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `users`(`account_id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `sign_in_steps_account` ON `sign_in_steps` (`account_id`);--> statement-breakpoint
CREATE INDEX `sign_in_steps_end` ON `sign_in_steps` (`expires_at`);--> statement-breakpoint
CREATE TABLE `used_challenges` (
	`challenge_hash` text PRIMARY KEY NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `used_challenges_end` ON `used_challenges` (`expires_at`);--> statement-breakpoint
CREATE TABLE `filter_keywords` (
	`id` integer PRIMARY KEY NOT NULL,
	`filter_id` integer NOT NULL,
	`keyword` text NOT NULL,
	`is_whole_word` integer NOT NULL,
	FOREIGN KEY (`filter_id`) REFERENCES `filters`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `filter_keywords_filter` ON `filter_keywords` (`filter_id`,`id`);--> statement-breakpoint
CREATE TABLE `filter_posts` (
	`filter_id` integer NOT NULL,
	`post_id` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`filter_id`, `post_id`),
	FOREIGN KEY (`filter_id`) REFERENCES `filters`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `filter_posts_post` ON `filter_posts` (`post_id`);--> statement-breakpoint
CREATE TABLE `filters` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`title` text NOT NULL,
	`action` text NOT NULL,
	`places` text NOT NULL,
	`expires_at` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `filters_account` ON `filters` (`account_id`,`id`);--> statement-breakpoint
CREATE TABLE `hidden_domains` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`domain` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `hidden_domains_once` ON `hidden_domains` (`account_id`,`domain`);--> statement-breakpoint
CREATE TABLE `thread_mutes` (
	`account_id` integer NOT NULL,
	`thread_id` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`account_id`, `thread_id`)
);
--> statement-breakpoint
CREATE INDEX `thread_mutes_thread` ON `thread_mutes` (`thread_id`);--> statement-breakpoint
CREATE TABLE `import_rows` (
	`id` integer PRIMARY KEY NOT NULL,
	`import_id` integer NOT NULL,
	`subject` text NOT NULL,
	`choices` text DEFAULT '{}' NOT NULL,
	`state` text DEFAULT 'waiting' NOT NULL,
	`reason_key` text,
	`reason_values` text
);
--> statement-breakpoint
CREATE INDEX `import_rows_of` ON `import_rows` (`import_id`,`state`,`id`);--> statement-breakpoint
CREATE INDEX `import_rows_waiting` ON `import_rows` (`import_id`,`id`) WHERE state = 'waiting';--> statement-breakpoint
CREATE TABLE `imports` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`kind` text NOT NULL,
	`rows_count` integer NOT NULL,
	`created_at` integer NOT NULL,
	`ended_at` integer
);
--> statement-breakpoint
CREATE INDEX `imports_account` ON `imports` (`account_id`,`id`);--> statement-breakpoint
CREATE TABLE `notification_senders` (
	`account_id` integer NOT NULL,
	`from_id` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`account_id`, `from_id`)
);
--> statement-breakpoint
CREATE TABLE `severances` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`domain` text NOT NULL,
	`following_count` integer NOT NULL,
	`followers_count` integer NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `severances_once` ON `severances` (`account_id`,`domain`);--> statement-breakpoint
CREATE TABLE `link_previews` (
	`id` integer PRIMARY KEY NOT NULL,
	`url` text NOT NULL,
	`host` text NOT NULL,
	`answered_host` text,
	`state` text NOT NULL,
	`title` text DEFAULT '' NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`site_name` text DEFAULT '' NOT NULL,
	`media_id` integer,
	`creator_id` integer,
	`asked_at` integer NOT NULL,
	`fresh_until` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `link_previews_url` ON `link_previews` (`url`);--> statement-breakpoint
CREATE INDEX `link_previews_host` ON `link_previews` (`host`,`asked_at`);--> statement-breakpoint
CREATE INDEX `link_previews_asked` ON `link_previews` (`asked_at`);--> statement-breakpoint
CREATE INDEX `link_previews_media` ON `link_previews` (`media_id`) WHERE media_id is not null;--> statement-breakpoint
CREATE TABLE `account_notes` (
	`owner_id` integer NOT NULL,
	`account_id` integer NOT NULL,
	`text` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`owner_id`, `account_id`)
);
--> statement-breakpoint
CREATE TABLE `featured_tags` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`tag` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `featured_tags_once` ON `featured_tags` (`account_id`,`tag`);--> statement-breakpoint
CREATE TABLE `dismissed_suggestions` (
	`account_id` integer NOT NULL,
	`target_id` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`account_id`, `target_id`)
);
--> statement-breakpoint
CREATE INDEX `dismissed_suggestions_target` ON `dismissed_suggestions` (`target_id`);--> statement-breakpoint
CREATE TABLE `search_passes` (
	`id` integer PRIMARY KEY NOT NULL,
	`rules` integer NOT NULL,
	`before_id` integer NOT NULL,
	`looked` integer DEFAULT 0 NOT NULL,
	`started_at` integer NOT NULL,
	`ended_at` integer
);
--> statement-breakpoint
CREATE TABLE `search_words` (
	`word` text PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE `trends` (
	`kind` text NOT NULL,
	`key` text NOT NULL,
	`score` integer NOT NULL,
	`people` integer NOT NULL,
	`posts` integer NOT NULL,
	`is_approved` integer,
	`decided_by` integer,
	`decided_at` integer,
	`first_at` integer NOT NULL,
	`seen_at` integer NOT NULL,
	PRIMARY KEY(`kind`, `key`)
);
--> statement-breakpoint
CREATE INDEX `trends_score` ON `trends` (`kind`,`score`);--> statement-breakpoint
CREATE TABLE `conversations` (
	`account_id` integer NOT NULL,
	`thread_id` integer NOT NULL,
	`last_post_id` integer NOT NULL,
	`is_unread` integer NOT NULL,
	PRIMARY KEY(`account_id`, `thread_id`),
	FOREIGN KEY (`last_post_id`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `conversations_account` ON `conversations` (`account_id`,`last_post_id`);--> statement-breakpoint
CREATE INDEX `conversations_thread` ON `conversations` (`thread_id`);--> statement-breakpoint
CREATE INDEX `conversations_last` ON `conversations` (`last_post_id`);--> statement-breakpoint
CREATE TABLE `followed_tags` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`tag` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `followed_tags_once` ON `followed_tags` (`account_id`,`tag`);--> statement-breakpoint
CREATE TABLE `list_members` (
	`id` integer PRIMARY KEY NOT NULL,
	`list_id` integer NOT NULL,
	`owner_id` integer NOT NULL,
	`account_id` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`list_id`) REFERENCES `lists`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `list_members_once` ON `list_members` (`list_id`,`account_id`);--> statement-breakpoint
CREATE INDEX `list_members_owner` ON `list_members` (`owner_id`,`account_id`);--> statement-breakpoint
CREATE INDEX `list_members_account` ON `list_members` (`account_id`);--> statement-breakpoint
CREATE INDEX `list_members_list` ON `list_members` (`list_id`,`id`);--> statement-breakpoint
CREATE TABLE `lists` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`title` text NOT NULL,
	`replies_policy` text DEFAULT 'members' NOT NULL,
	`is_exclusive` integer DEFAULT false NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `lists_account` ON `lists` (`account_id`,`id`);--> statement-breakpoint
CREATE INDEX `lists_exclusive` ON `lists` (`account_id`) WHERE is_exclusive;--> statement-breakpoint
CREATE TABLE `markers` (
	`account_id` integer NOT NULL,
	`timeline` text NOT NULL,
	`last_read_id` integer NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`account_id`, `timeline`)
);
--> statement-breakpoint
CREATE TABLE `timeline_choices` (
	`account_id` integer NOT NULL,
	`timeline` text NOT NULL,
	`hides_boosts` integer DEFAULT false NOT NULL,
	`hides_replies` integer DEFAULT false NOT NULL,
	PRIMARY KEY(`account_id`, `timeline`)
);
--> statement-breakpoint
ALTER TABLE `accounts` ADD `links_checked_at` integer;--> statement-breakpoint
ALTER TABLE `accounts` ADD `attribution_domains` text;--> statement-breakpoint
ALTER TABLE `follows` ADD `show_replies` integer DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE `follows` ADD `notifies` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `media` ADD `draft_id` integer;--> statement-breakpoint
ALTER TABLE `media` ADD `tiny_hash` text;--> statement-breakpoint
CREATE INDEX `media_tiny` ON `media` (`tiny_hash`) WHERE tiny_hash is not null;--> statement-breakpoint
CREATE INDEX `media_draft` ON `media` (`draft_id`) WHERE draft_id is not null;--> statement-breakpoint
ALTER TABLE `posts` ADD `is_local_only` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `posts` ADD `is_markdown` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `sessions` ADD `proved_at` integer;--> statement-breakpoint
ALTER TABLE `users` ADD `look` text;--> statement-breakpoint
ALTER TABLE `users` ADD `keeps_visibility` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `users` ADD `last_visibility` text;--> statement-breakpoint
ALTER TABLE `users` ADD `default_language` text;--> statement-breakpoint
ALTER TABLE `users` ADD `default_sensitive` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `users` ADD `default_markdown` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `users` ADD `notification_policy` text;--> statement-breakpoint
ALTER TABLE `users` ADD `welcomed_at` integer;--> statement-breakpoint
ALTER TABLE `users` ADD `filters_version` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `users` ADD `asks_passkey` integer DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX `mutes_expires` ON `mutes` (`expires_at`) WHERE expires_at is not null;--> statement-breakpoint
CREATE VIRTUAL TABLE `search_posts` USING fts5(words, content='', contentless_delete=1, tokenize="ascii tokenchars '=_:'");
--> statement-breakpoint
INSERT INTO conversations (account_id, thread_id, last_post_id, is_unread)
  SELECT users.account_id, posts.thread_id, max(posts.id), 0
  FROM posts
  JOIN (SELECT post_id, account_id FROM post_audience WHERE kind <> 'followers' UNION SELECT id, author_id FROM posts WHERE visibility = 'direct') parties ON parties.post_id = posts.id
  JOIN users ON users.account_id = parties.account_id
  WHERE posts.visibility = 'direct' AND posts.deleted_at IS NULL
  GROUP BY users.account_id, posts.thread_id;
