package io.stagepost.config;

/** How much a text tells. */
enum TextLength {
  SHORT,
  LONG
}
