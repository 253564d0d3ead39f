package io.stagepost.config;

import static io.stagepost.config.AccessOptions.ADMIN;
import static io.stagepost.config.AccessOptions.ADMIN_TERMINATE;
import static io.stagepost.config.AccessOptions.CLIENT_AUTH;
import static io.stagepost.config.AccessOptions.CLIENT_AUTH_CONFIG;
import static io.stagepost.config.AccessOptions.CLIENT_AUTH_PASSWORDS;
import static io.stagepost.config.AccessOptions.SERVER_AUTH;
import static io.stagepost.config.AccessOptions.SERVER_AUTH_CONFIG;
import static io.stagepost.config.PopOptions.POP;
import static io.stagepost.config.PopOptions.POP_AUTH;
import static io.stagepost.config.PopOptions.POP_BY_NAME;
import static io.stagepost.config.PopOptions.POP_FORMAT;
import static io.stagepost.config.PopOptions.POP_MAILDIR;
import static io.stagepost.config.PopOptions.POP_TLS_PORT;
import static io.stagepost.config.TlsOptions.CLIENT_TLS;
import static io.stagepost.config.TlsOptions.CLIENT_TLS_CERTIFICATE;
import static io.stagepost.config.TlsOptions.CLIENT_TLS_CONNECTION;
import static io.stagepost.config.TlsOptions.CLIENT_TLS_REQUIRED;
import static io.stagepost.config.TlsOptions.CLIENT_TLS_SERVER_NAME;
import static io.stagepost.config.TlsOptions.CLIENT_TLS_VERIFY;
import static io.stagepost.config.TlsOptions.CLIENT_TLS_VERIFY_NAME;
import static io.stagepost.config.TlsOptions.SERVER_TLS;
import static io.stagepost.config.TlsOptions.SERVER_TLS_CERTIFICATE;
import static io.stagepost.config.TlsOptions.SERVER_TLS_CONNECTION;
import static io.stagepost.config.TlsOptions.SERVER_TLS_REQUIRED;
import static io.stagepost.config.TlsOptions.SERVER_TLS_VERIFY;

import io.stagepost.net.NextHop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Refuses combinations of options that make no sense. */
final class Checks {

  private static final int MOST_CERTIFICATES = 2;

  private final OptionValues values;
  private final List<Problem> problems = new ArrayList<>();

  private Checks(OptionValues values) {
    this.values = values;
  }

  /** The combinations to refuse among the options of the process. */
  static List<Problem> ofProcess(OptionValues values) {
    Checks checks = new Checks(values);
    checks.checkProcess();
    return checks.problems;
  }

  /** The combinations to refuse among the options of a relay. */
  static List<Problem> ofRelay(OptionValues values) {
    Checks checks = new Checks(values);
    checks.checkNextHop();
    checks.checkServing();
    checks.checkRetries();
    checks.checkAccess();
    checks.checkTls();
    checks.checkBlockLists();
    checks.checkOneRun();
    return checks.problems;
  }

  private void checkNextHop() {
    needs(FilterOptions.CLIENT_FILTER, ForwardOptions.FORWARD_TO);
    if (!values.isOn(ForwardOptions.FORWARD_TO)) {
      for (Option option :
          List.of(
              ForwardOptions.FORWARD,
              ForwardOptions.FORWARD_ON_DISCONNECT,
              ForwardOptions.FORWARD_ON_ARRIVAL,
              IntakeOptions.IMMEDIATE)) {
        if (values.isOn(option)) {
          refuse(
              option,
              "needs a next hop, given by " + values.spelledAs(ForwardOptions.FORWARD_TO, option));
        }
      }
    } else if (values.isOn(ForwardOptions.CLIENT_INTERFACE)
        && NextHopText.parse(values.required(ForwardOptions.FORWARD_TO)).orElse(null)
            instanceof NextHop.UnixSocket) {
      refuse(ForwardOptions.CLIENT_INTERFACE, "cannot be used with the path of a socket");
    }
  }

  private void checkServing() {
    List<Option> smtp = List.of(FilterOptions.FILTER, IntakeOptions.PORT, SERVER_AUTH);
    List<Option> any = new ArrayList<>(smtp);
    any.addAll(List.of(POP, ADMIN));
    any.forEach(option -> excludes(option, ForwardOptions.AS_CLIENT, IntakeOptions.DONT_SERVE));
    if (!values.isOn(IntakeOptions.DONT_SERVE)) {
      smtp.forEach(option -> excludes(option, IntakeOptions.NO_SMTP));
    }
  }

  private void checkRetries() {
    if (!values.required(ForwardOptions.TEMPORARY_FAILURES).equalsIgnoreCase("keep")) {
      for (Option option :
          List.of(ForwardOptions.RETRY_DELAY, ForwardOptions.RETRY_MAXIMUM_DELAY)) {
        if (values.isTyped(option) && values.isGiven(option)) {
          refuse(option, "needs \"--temporary-failures=keep\"");
        }
      }
    } else if (values
            .period(ForwardOptions.RETRY_DELAY)
            .compareTo(values.period(ForwardOptions.RETRY_MAXIMUM_DELAY))
        > 0) {
      refuse(
          ForwardOptions.RETRY_DELAY,
          "cannot be longer than " + values.spelled(ForwardOptions.RETRY_MAXIMUM_DELAY));
    }
  }

  private void checkAccess() {
    checkPop();
    needs(ADMIN_TERMINATE, ADMIN);
    needs(SERVER_AUTH_CONFIG, SERVER_AUTH);
    needs(CLIENT_AUTH_CONFIG, CLIENT_AUTH);
    needs(CLIENT_AUTH_PASSWORDS, CLIENT_AUTH);
  }

  private void checkPop() {
    for (Option option : PopOptions.ALL) {
      if (!option.equals(POP)) {
        needs(option, POP);
      }
    }
    if (values.isOn(POP) && !values.isOn(POP_AUTH)) {
      refuse(POP, "needs " + values.spelledAs(POP_AUTH, POP));
    }
    needs(POP_TLS_PORT, SERVER_TLS_CERTIFICATE);
    boolean maildirs = values.required(POP_FORMAT).equalsIgnoreCase("maildir");
    if (maildirs && !values.isOn(POP_MAILDIR)) {
      refuse(POP_FORMAT, "needs " + values.spelledAs(POP_MAILDIR, POP_FORMAT));
    } else if (!maildirs && values.isTyped(POP_MAILDIR) && values.isGiven(POP_MAILDIR)) {
      refuse(POP_MAILDIR, "needs \"--pop-format=maildir\"");
    }
    if (maildirs) {
      excludes(POP_BY_NAME, POP_FORMAT);
    }
  }

  private void checkTls() {
    for (Option option :
        List.of(CLIENT_TLS_CERTIFICATE, CLIENT_TLS_VERIFY, CLIENT_TLS_SERVER_NAME)) {
      needs(option, CLIENT_TLS, CLIENT_TLS_CONNECTION, CLIENT_TLS_REQUIRED);
    }
    boolean verifies =
        values.isGiven(CLIENT_TLS_VERIFY) || values.text(CLIENT_TLS_VERIFY).isEmpty();
    if (values.isTyped(CLIENT_TLS_VERIFY_NAME)
        && values.isGiven(CLIENT_TLS_VERIFY_NAME)
        && !verifies) {
      refuse(
          CLIENT_TLS_VERIFY_NAME,
          "needs " + values.spelledAs(CLIENT_TLS_VERIFY, CLIENT_TLS_VERIFY_NAME));
    }
    for (Option option : List.of(SERVER_TLS_CERTIFICATE, SERVER_TLS_VERIFY, SERVER_TLS_REQUIRED)) {
      needs(
          option, SERVER_TLS, SERVER_TLS_CONNECTION, IntakeOptions.SUBMISSIONS_PORT, POP_TLS_PORT);
    }
    for (Option option : List.of(SERVER_TLS, SERVER_TLS_CONNECTION)) {
      if (values.isOn(option) && !values.isOn(SERVER_TLS_CERTIFICATE)) {
        refuse(option, "needs " + values.spelledAs(SERVER_TLS_CERTIFICATE, option));
      }
    }
    needs(IntakeOptions.SUBMISSIONS_PORT, SERVER_TLS_CERTIFICATE);
    excludes(CLIENT_TLS, CLIENT_TLS_CONNECTION);
    excludes(SERVER_TLS, SERVER_TLS_CONNECTION);
    for (Option option : List.of(CLIENT_TLS_CERTIFICATE, SERVER_TLS_CERTIFICATE)) {
      if (values.list(option).size() > MOST_CERTIFICATES) {
        refuse(option, "can be given twice at most: a key, then its chain of certificates");
      }
    }
  }

  private void checkBlockLists() {
    List<String> lists = values.list(FilterOptions.DNSBL);
    if (!lists.isEmpty() && !DnsblText.isConfig(lists)) {
      refuse(
          FilterOptions.DNSBL,
          "needs domains, then perhaps a threshold, a time-out in milliseconds and the address of a"
              + " name server");
    }
  }

  /** A process that is to send and then end could do nothing else about it. */
  private void checkOneRun() {
    boolean ends = values.isOn(IntakeOptions.DONT_SERVE) && !values.isOn(ForwardOptions.POLL);
    if (ends && values.isOn(ForwardOptions.FORWARD)) {
      Lacks.of(values, Option.Unit.RELAY)
          .hold()
          .ifPresent(why -> problems.add(Problem.usage("cannot forward: " + why)));
    }
  }

  private void checkProcess() {
    needs(ProcessOptions.VERBOSE, ProcessOptions.LOG);
    needs(ProcessOptions.DEBUG, ProcessOptions.LOG);
    needs(ProcessOptions.CLUSTER_HOST, ProcessOptions.CLUSTER);
    needs(ProcessOptions.CLUSTER_PORT, ProcessOptions.CLUSTER);
  }

  /** In relay.conf, what belongs to a part that is switched off may stand there all the same. */
  private void needs(Option option, Option... anyOf) {
    if (values.isTyped(option)
        && values.isGiven(option)
        && Arrays.stream(anyOf).noneMatch(values::isOn)) {
      refuse(
          option,
          "needs "
              + Arrays.stream(anyOf)
                  .map(other -> values.spelledAs(other, option))
                  .collect(Collectors.joining(" or ")));
    }
  }

  private void excludes(Option option, Option... others) {
    if (!values.isTyped(option) || !values.isGiven(option)) {
      return;
    }
    for (Option other : others) {
      if (values.isOn(other)) {
        refuse(option, "cannot be used with " + values.spelledAs(other, option));
        return;
      }
    }
  }

  private void refuse(Option option, String why) {
    problems.add(Problem.usage(values.told(option) + ' ' + why));
  }
}
