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
