package io.stagepost.admin.queue;

/**
 * What came of an action on many messages.
 *
 * @param done how many it was done to
 * @param failed how many it could not be done to
 */
public record BulkResult(long done, long failed) {

  BulkResult plus(BulkResult more) {
    return new BulkResult(done + more.done, failed + more.failed);
  }
}
