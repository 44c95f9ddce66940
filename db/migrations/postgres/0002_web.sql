ALTER TABLE "media" ADD COLUMN "tiny_hash" text;--> statement-breakpoint
ALTER TABLE "posts" ADD COLUMN "is_local_only" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "posts" ADD COLUMN "is_markdown" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "keeps_visibility" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "last_visibility" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "default_language" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "default_sensitive" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "default_markdown" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "media_tiny" ON "media" USING btree ("tiny_hash") WHERE tiny_hash is not null;