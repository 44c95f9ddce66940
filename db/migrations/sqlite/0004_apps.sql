CREATE TABLE `app_codes` (
	`id` integer PRIMARY KEY NOT NULL,
	`code_hash` text NOT NULL,
	`app_id` integer NOT NULL,
	`account_id` integer NOT NULL,
	`redirect_uri` text NOT NULL,
	`scopes` text NOT NULL,
	`code_challenge` text,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	FOREIGN KEY (`app_id`) REFERENCES `apps`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`account_id`) REFERENCES `users`(`account_id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `app_codes_code` ON `app_codes` (`code_hash`);--> statement-breakpoint
CREATE INDEX `app_codes_app` ON `app_codes` (`app_id`);--> statement-breakpoint
CREATE INDEX `app_codes_account` ON `app_codes` (`account_id`);--> statement-breakpoint
CREATE INDEX `app_codes_end` ON `app_codes` (`expires_at`);--> statement-breakpoint
CREATE TABLE `app_tokens` (
	`id` integer PRIMARY KEY NOT NULL,
	`token_hash` text NOT NULL,
	`app_id` integer NOT NULL,
	`account_id` integer,
	`code_id` integer,
	`scopes` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_used_at` integer,
	`revoked_at` integer,
	FOREIGN KEY (`app_id`) REFERENCES `apps`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`account_id`) REFERENCES `users`(`account_id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `app_tokens_token` ON `app_tokens` (`token_hash`);--> statement-breakpoint
CREATE INDEX `app_tokens_app` ON `app_tokens` (`app_id`,`account_id`);--> statement-breakpoint
CREATE INDEX `app_tokens_account` ON `app_tokens` (`account_id`);--> statement-breakpoint
CREATE INDEX `app_tokens_code` ON `app_tokens` (`code_id`);--> statement-breakpoint
CREATE INDEX `app_tokens_revoked` ON `app_tokens` (`revoked_at`);--> statement-breakpoint
CREATE TABLE `apps` (
	`id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`website` text,
	`redirect_uris` text NOT NULL,
	`scopes` text NOT NULL,
	`client_id` text NOT NULL,
	`secret_hash` text NOT NULL,
	`created_at` integer NOT NULL,
	`allowed_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `apps_client` ON `apps` (`client_id`);--> statement-breakpoint
CREATE INDEX `apps_allowed` ON `apps` (`allowed_at`,`created_at`);--> statement-breakpoint
DROP INDEX `receipts_received`;--> statement-breakpoint
DROP INDEX `posts_reply_to`;--> statement-breakpoint
CREATE INDEX `posts_reply_to` ON `posts` (`reply_to_id`) WHERE reply_to_id is not null;--> statement-breakpoint
ALTER TABLE `post_versions` ADD `emojis` text;--> statement-breakpoint
ALTER TABLE `retention_passes` ADD `accounts_out` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `thread_sources` ADD `post_id` integer;--> statement-breakpoint
CREATE INDEX `announced_votes_group` ON `announced_votes` (`group_id`);--> statement-breakpoint
CREATE INDEX `reports_reporter` ON `reports` (`reporter_id`);--> statement-breakpoint
CREATE INDEX `moves_target` ON `moves` (`target_id`);--> statement-breakpoint
CREATE INDEX `notification_senders_from` ON `notification_senders` (`from_id`);--> statement-breakpoint
CREATE INDEX `notifications_from` ON `notifications` (`from_id`);--> statement-breakpoint
CREATE INDEX `held_activities_actor` ON `held_activities` (`actor_id`);--> statement-breakpoint
CREATE INDEX `tombstones_author` ON `tombstones` (`author_id`) WHERE author_id is not null;--> statement-breakpoint
CREATE INDEX `link_previews_creator` ON `link_previews` (`creator_id`) WHERE creator_id is not null;--> statement-breakpoint
CREATE INDEX `account_notes_account` ON `account_notes` (`account_id`);