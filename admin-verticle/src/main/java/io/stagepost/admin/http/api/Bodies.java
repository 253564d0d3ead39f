package io.stagepost.admin.http.api;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/**
 * Reads the bodies of requests, after decompression: 24 MiB of one at the most, 64 KiB of one that
 * anybody may send, and 64 MiB of all that are read at a time. On one context.
 */
final class Bodies {

  private static final int MOST = 24 << 20;
  private static final int MOST_OF_ANYBODY = 64 << 10;
  private static final long MOST_OF_ALL = 64L << 20;

  private long held;

  /** From whom a body is. */
  enum From {
    ANYBODY(MOST_OF_ANYBODY),
    CALLER(MOST);

    private final int most;

    From(int most) {
      this.most = most;
    }
  }

  /** The whole body. Fails with {@link ApiProblem} when there is too much of it. */
  Future<Buffer> read(HttpServerRequest request, From from) {
    long announced = announced(request);
    if (announced > from.most) {
      return Future.failedFuture(tooLarge(from.most));
    }
    if (held + Math.max(0, announced) > MOST_OF_ALL) {
      return Future.failedFuture(ApiProblem.later(503, "too many large requests at once", 5));
    }
    if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
      request.response().writeContinue();
    }
    return new Reading(request, from.most).read();
  }

  private static ApiProblem tooLarge(long limit) {
    return ApiProblem.of(413, "more than " + limit + " octets");
  }

  private static long announced(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? 0 : Long.parseLong(length.strip());
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private final class Reading {

    private final HttpServerRequest request;
    private final int most;
    private final Promise<Buffer> read = Promise.promise();
    private final Buffer body = Buffer.buffer();
    private boolean over;

    private Reading(HttpServerRequest request, int most) {
      this.request = request;
      this.most = most;
    }

    private Future<Buffer> read() {
      request.exceptionHandler(this::end);
      request.handler(this::more);
      request.endHandler(
          v -> {
            if (!over) {
              over = true;
              held -= body.length();
              read.complete(body);
            }
          });
      return read.future();
    }

    private void more(Buffer piece) {
      if (over) {
        return;
      }
      if (body.length() + piece.length() > most) {
        end(tooLarge(most));
      } else if (held + piece.length() > MOST_OF_ALL) {
        end(ApiProblem.later(503, "too many large requests at once", 5));
      } else {
        held += piece.length();
        body.appendBuffer(piece);
      }
    }

    private void end(Throwable e) {
      if (!over) {
        over = true;
        held -= body.length();
        read.fail(e);
      }
    }
  }
}
