package io.stagepost.config;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** Reads what settings name, such as certificates and accounts, before they take effect. */
@FunctionalInterface
public interface Preparation {

  /** There is nothing to be done. */
  Prepared NOTHING =
      new Prepared() {
        @Override
        public void adopt() {}

        @Override
        public void discard() {}
      };

  /** What has been read, and is neither used yet nor thrown away. One of both is to follow. */
  interface Prepared {

    /** Uses it from now on, in place of what was used before. Doesn't block. */
    void adopt();

    /** Lets go of it. */
    void discard();
  }

  /** Reads it; fails with the reason why it can't be used, and then holds nothing. */
  Future<Prepared> prepare(Settings next);

  /** Several that are read at the same time; when one fails, the others are thrown away. */
  static Future<Prepared> all(List<Future<Prepared>> parts) {
    return Future.join(parts)
        .transform(
            done -> {
              List<Prepared> good = new ArrayList<>();
              parts.stream().filter(Future::succeeded).forEach(part -> good.add(part.result()));
              if (done.failed()) {
                good.forEach(Prepared::discard);
                return Future.failedFuture(done.cause());
              }
              return Future.succeededFuture(together(good));
            });
  }

  private static Prepared together(List<Prepared> parts) {
    return new Prepared() {
      @Override
      public void adopt() {
        parts.forEach(Prepared::adopt);
      }

      @Override
      public void discard() {
        parts.forEach(Prepared::discard);
      }
    };
  }
}
