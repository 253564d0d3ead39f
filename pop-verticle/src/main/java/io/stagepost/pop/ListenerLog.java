package io.stagepost.pop;

import io.stagepost.net.ListenAddress;
import io.stagepost.net.Listeners;
import io.stagepost.telemetry.LogText;
import io.stagepost.telemetry.RelayLog;

/** Tells the log where the server listens, once for all its instances. */
record ListenerLog(PopService service, RelayLog log) implements Listeners.Events {

  @Override
  public void listening(ListenAddress actual) {
    if (service.listens(actual)) {
      log.info("pop server on " + actual);
    }
  }

  @Override
  public void missing(ListenAddress.Interface wanted) {
    if (service.misses(wanted)) {
      log.warn(
          "no address on interface "
              + LogText.quote(wanted.name())
              + ": waiting until there is one");
    }
  }

  @Override
  public void failed(Throwable cause) {
    log.warn(String.valueOf(cause.getMessage()));
  }
}
