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
ALTER TABLE `follows` ADD `asked_again_count` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `follows` ADD `asked_again_at` integer;--> statement-breakpoint
CREATE INDEX `follows_pending` ON `follows` (`id`) WHERE state = 'pending';--> statement-breakpoint
ALTER TABLE `posts` ADD `received_at` integer;--> statement-breakpoint
CREATE INDEX `mutes_target` ON `mutes` (`target_id`);