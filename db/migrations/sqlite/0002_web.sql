ALTER TABLE `media` ADD `tiny_hash` text;--> statement-breakpoint
CREATE INDEX `media_tiny` ON `media` (`tiny_hash`) WHERE tiny_hash is not null;--> statement-breakpoint
ALTER TABLE `posts` ADD `is_local_only` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `posts` ADD `is_markdown` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `users` ADD `keeps_visibility` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `users` ADD `last_visibility` text;--> statement-breakpoint
ALTER TABLE `users` ADD `default_language` text;--> statement-breakpoint
ALTER TABLE `users` ADD `default_sensitive` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `users` ADD `default_markdown` integer DEFAULT false NOT NULL;