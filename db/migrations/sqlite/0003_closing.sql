CREATE TABLE `emoji_uses` (
	`emoji_id` integer NOT NULL,
	`post_id` integer NOT NULL,
	PRIMARY KEY(`emoji_id`, `post_id`),
	FOREIGN KEY (`emoji_id`) REFERENCES `own_emojis`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`post_id`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `emoji_uses_post` ON `emoji_uses` (`post_id`);--> statement-breakpoint
CREATE TABLE `own_emojis` (
	`id` integer PRIMARY KEY NOT NULL,
	`shortcode` text NOT NULL,
	`shortcode_key` text NOT NULL,
	`category` text DEFAULT '' NOT NULL,
	`alt` text DEFAULT '' NOT NULL,
	`is_animated` integer DEFAULT false NOT NULL,
	`is_hidden` integer DEFAULT false NOT NULL,
	`is_off` integer DEFAULT false NOT NULL,
	`media_id` integer NOT NULL,
	`media_key` text NOT NULL,
	`copied_from` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`deleted_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `own_emojis_shortcode` ON `own_emojis` (`shortcode_key`) WHERE deleted_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX `own_emojis_key` ON `own_emojis` (`media_key`);--> statement-breakpoint
ALTER TABLE `emojis` ADD `blocked_at` integer;--> statement-breakpoint
CREATE INDEX `emojis_blocked` ON `emojis` (`id`) WHERE blocked_at is not null;--> statement-breakpoint
ALTER TABLE `reports` ADD `is_forwarded` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `quotes` ADD `checked_at` integer;--> statement-breakpoint
CREATE INDEX `quotes_missing` ON `quotes` (`quoted_uri`) WHERE quoted_id is null;--> statement-breakpoint
CREATE INDEX `histories_running` ON `histories` (`started_at`) WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX `interactions_idle` ON `interactions` (`created_at`) WHERE post_id is null and state in ('pending', 'rejected');--> statement-breakpoint
CREATE INDEX `reaction_counts_media` ON `reaction_counts` (`media_key`) WHERE media_key is not null;