package io.stagepost.telemetry;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The relay's log as its users know it: each line may name the relay, the peer and the message it
 * is about; which of these are shown is a matter of the layout.
 *
 * <p>Volume: {@link #info}, {@link #warn} and {@link #error} always; {@link #verbose} with {@code
 * --verbose}; {@link #detail} with {@code --verbose} twice. Text from outside must have gone
 * through {@link LogText}.
 */
public final class RelayLog {

  /** The SLF4J logger of all these lines. */
  public static final String LOGGER = "io.stagepost.relay";

  /** Keys of the facts that go with a line. */
  public static final String UNIT = "unit";

  public static final String ADDRESS = "address";
  public static final String PORT = "port";
  public static final String MESSAGE = "message";

  private static final Logger LOG = LoggerFactory.getLogger(LOGGER);

  private final String unit;
  private final String address;
  private final int port;
  private final String message;

  private RelayLog(String unit, String address, int port, String message) {
    this.unit = unit;
    this.address = address;
    this.port = port;
    this.message = message;
  }

  /** The log of a relay; the name is empty for a single unnamed one. */
  public static RelayLog of(String unit) {
    return new RelayLog(unit, "", 0, "");
  }

  /** The same log for lines about a peer. */
  public RelayLog withPeer(String peerAddress, int peerPort) {
    return new RelayLog(unit, peerAddress, peerPort, message);
  }

  /** The same log for lines about a message. */
  public RelayLog withMessage(String id) {
    return new RelayLog(unit, address, port, id);
  }

  /** Whether {@link #verbose} lines are wanted; to be asked before text is made for them. */
  public boolean isVerbose() {
    return LOG.isDebugEnabled();
  }

  /** An event of interest to every administrator. */
  public void info(String text) {
    log(Level.INFO, text);
  }

  /** Something that an administrator should look at. */
  public void warn(String text) {
    log(Level.WARN, text);
  }

  /** Something that keeps the relay from doing its work. */
  public void error(String text) {
    log(Level.ERROR, text);
  }

  /** The dialogue and the life of messages. */
  public void verbose(String text) {
    log(Level.DEBUG, text);
  }

  /** The smallest steps. */
  public void detail(String text) {
    log(Level.TRACE, text);
  }

  private void log(Level level, String text) {
    if (!LOG.isEnabledForLevel(level)) {
      return;
    }
    LoggingEventBuilder line = LOG.atLevel(level);
    line = unit.isEmpty() ? line : line.addKeyValue(UNIT, unit);
    line = address.isEmpty() ? line : line.addKeyValue(ADDRESS, address);
    line = port == 0 ? line : line.addKeyValue(PORT, port);
    line = message.isEmpty() ? line : line.addKeyValue(MESSAGE, message);
    line.log(text);
  }
}
