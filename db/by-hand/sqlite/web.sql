CREATE VIRTUAL TABLE `search_posts` USING fts5(words, content='', contentless_delete=1, tokenize="ascii tokenchars '=_:'");
--> statement-breakpoint
INSERT INTO conversations (account_id, thread_id, last_post_id, is_unread)
  SELECT users.account_id, posts.thread_id, max(posts.id), 0
  FROM posts
  JOIN (SELECT post_id, account_id FROM post_audience WHERE kind <> 'followers' UNION SELECT id, author_id FROM posts WHERE visibility = 'direct') parties ON parties.post_id = posts.id
  JOIN users ON users.account_id = parties.account_id
  WHERE posts.visibility = 'direct' AND posts.deleted_at IS NULL
  GROUP BY users.account_id, posts.thread_id;
