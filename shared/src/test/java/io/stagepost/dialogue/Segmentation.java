package io.stagepost.dialogue;

/** How a player cuts what it sends into writes. */
public enum Segmentation {
  /** Everything up to the next barrier at once: as a client, ahead of all replies. */
  ONE_WRITE,
  /** A write for each line, waiting for the replies where the script has them. */
  LINE_A_WRITE,
  /** A write for each octet. */
  BYTE_A_WRITE
}
