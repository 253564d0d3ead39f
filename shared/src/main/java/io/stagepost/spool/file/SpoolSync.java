package io.stagepost.spool.file;

/** How a commit is made durable. */
public enum SpoolSync {
  /**
   * Small messages by a journal where the file system is local; others by syncing their files, and
   * the directory too unless it is on ext4 or XFS, where syncing a new file makes its directory
   * entry durable.
   */
  AUTO,
  /** By syncing both files and the directory. */
  ALWAYS,
  /** By syncing both files; a mark in the envelope lets recovery finish a rename that was lost. */
  NEVER
}
