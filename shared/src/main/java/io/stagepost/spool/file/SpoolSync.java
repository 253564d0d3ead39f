package io.stagepost.spool.file;

/** Whether a commit waits for the directory to be on disk; the files themselves always are. */
public enum SpoolSync {
  /** Left out on ext4 and XFS, where syncing a new file makes its directory entry durable too. */
  AUTO,
  /** For each commit. */
  ALWAYS,
  /** Never; a commit mark in the envelope lets recovery finish a rename that was lost. */
  NEVER
}
