package io.stagepost.admin.http.inject;

import io.stagepost.admin.http.api.ApiProblem;
import io.stagepost.spool.SpoolWriter;
import io.stagepost.wire.BareLineEnds;
import io.stagepost.wire.LineEndFilter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.security.MessageDigest;

/** Writes the body of a request into the spool as it comes; the disk sets the pace. */
final class RawUpload {

  private final HttpServerRequest request;
  private final SpoolWriter writer;
  private final MessageDigest digest;
  private final long most;
  private final LineEndFilter lineEnds = new LineEndFilter(BareLineEnds.REJECT);
  private final Promise<Void> read = Promise.promise();
  private byte last = '\n';
  private long size;
  private boolean over;

  /**
   * Nothing is read yet.
   *
   * @param digest is given all octets
   * @param most octets that there may be
   */
  RawUpload(HttpServerRequest request, SpoolWriter writer, MessageDigest digest, long most) {
    this.request = request;
    this.writer = writer;
    this.digest = digest;
    this.most = most;
  }

  /** Completes when everything is written. Fails with {@link ApiProblem} when it can't be. */
  Future<Void> read() {
    writer.exceptionHandler(this::fail);
    writer.drainHandler(v -> request.resume());
    request.exceptionHandler(e -> fail(ApiProblem.of(400, "the request has ended too early")));
    request.handler(this::more);
    request.endHandler(v -> end());
    request.resume();
    return read.future();
  }

  private void more(Buffer piece) {
    if (over) {
      return;
    }
    size += piece.length();
    if (size > most) {
      fail(ApiProblem.of(413, "more than " + most + " octets"));
      return;
    }
    byte[] octets = piece.getBytes();
    digest.update(octets);
    Buffer out = Buffer.buffer(octets.length + 1);
    lineEnds.pass(octets, 0, octets.length, out);
    if (lineEnds.sawBareLineEnd()) {
      fail(ApiProblem.field("/", "has a CR or LF that is not part of CRLF"));
      return;
    }
    if (out.length() > 0) {
      last = out.getByte(out.length() - 1);
      writer.write(out).onFailure(this::fail);
    }
    if (writer.writeQueueFull()) {
      request.pause();
    }
  }

  private void end() {
    if (over) {
      return;
    }
    Buffer rest = Buffer.buffer();
    lineEnds.finish(rest);
    if (lineEnds.sawBareLineEnd()) {
      fail(ApiProblem.field("/", "has a CR or LF that is not part of CRLF"));
    } else if (size == 0) {
      fail(ApiProblem.field("/", "is empty"));
    } else {
      over = true;
      if (last != '\n') {
        writer.write(Buffer.buffer("\r\n")).onFailure(e -> {});
      }
      read.complete();
    }
  }

  private void fail(Throwable e) {
    if (!over) {
      over = true;
      read.fail(e);
    }
  }
}
