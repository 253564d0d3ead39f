package io.stagepost.auth;

/** Whether others can read what a connection carries. */
public enum Privacy {
  CLEAR,
  ENCRYPTED
}
