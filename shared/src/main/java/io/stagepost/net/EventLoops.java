package io.stagepost.net;

/** How many event loops serve the connections of a process. */
public final class EventLoops {

  private EventLoops() {}

  /**
   * One for every two processors, and at least one. The journal, the workers and the kernel have
   * use for the others, and fewer loops find more to do each time they wake: on two processors two
   * loops take about an eighth more of processor time for a small message than one.
   */
  public static int count() {
    return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  }
}
