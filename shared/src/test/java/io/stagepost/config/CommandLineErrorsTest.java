package io.stagepost.config;

import static io.stagepost.config.Configured.errors;
import static io.stagepost.config.Configured.read;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The text of each error, as a user sees it. */
class CommandLineErrorsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--foward          | invalid option: \"--foward\": did you mean \"--forward\"?",
        "--prot 3          | invalid option: \"--prot\": did you mean \"--port\"?",
        "--fowrard-to=h:1  | invalid option: \"--fowrard-to\": did you mean \"--forward-to\"?",
        "--spool /tmp      | invalid option: \"--spool\": did you mean \"--spool-dir\"?",
        "--zzzzzzzz        | invalid option: \"--zzzzzzzz\"",
        "--log!yes         | invalid option: \"--log!yes\": did you mean \"--log\"?",
        "-#                | invalid option: \"-#\"",
        "-l#               | invalid option: \"-#\"",
        "--port            | no value supplied for \"--port\"",
        "-p                | no value supplied for \"-p\"",
        "--port --log      | no value supplied for \"--port\": write \"--port=--log\" if that is its"
            + " value",
        "-lp 25            | no value supplied for \"-p\" in \"-lp\": its value must be the next"
            + " word",
        "-p25              | no value supplied for \"-p\" in \"-p25\": its value must be the next"
            + " word",
        "--log=maybe       | cannot give a value with \"--log\"",
        "--port=1 --port=2 | duplicate use of \"--port\"",
        "--port 1 -p 2     | duplicate use of \"-p\"",
        "--log --log=no    | conflicting values: \"--log\"",
      })
  void optionErrors(String words, String text) {
    assertThat(errors(read(Flavour.DROP_IN, words.split(" "))))
        .containsExactly("emailrelay: error: " + text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--port=zz | invalid value \"zz\" for \"--port\": a number from 0 to 65535 is needed",
        "-p 65536 | invalid value \"65536\" for \"-p\": a number from 0 to 65535 is needed",
        "--port= | invalid value \"\" for \"--port\": a number from 0 to 65535 is needed",
        "--poll=0 | invalid value \"0\" for \"--poll\": a number of seconds of at least 1, or a"
            + " number with s, m, h or d, is needed",
        "--idle-timeout=1x | invalid value \"1x\" for \"--idle-timeout\": a number of seconds, or a"
            + " number with s, m, h or d, is needed",
        "--size=big | invalid value \"big\" for \"--size\": a number of bytes, or a number with k,"
            + " M or G, is needed",
        "--domain= | invalid value \"\" for \"--domain\": a domain name is needed",
        "--interface=client=1.2.3.4 | invalid value \"client=1.2.3.4\" for \"--interface\": an IP"
            + " address, an interface, a socket's path or fd#<number> is needed",
        "--forward-to=h | invalid value \"h\" for \"--forward-to\": host:port, or the path of a"
            + " socket, is needed: did you mean \"h:25\"?",
        "--as-proxy=h:no-such | invalid value \"h:no-such\" for \"--as-proxy\": host:port, or"
            + " the path of a socket, is needed",
        "--anonymous=all | invalid value \"all\" for \"--anonymous\": one of vrfy, server, content,"
            + " client is needed",
        "--roles=smtp,imap | invalid value \"imap\" for \"--roles\": one of smtp, pop, forwarder,"
            + " admin is needed",
        "--bare-line-ends-from=10.0.0.0/33 | invalid value \"10.0.0.0/33\" for"
            + " \"--bare-line-ends-from\": an IP address or range is needed",
        "--forward | \"--forward\" needs a next hop, given by \"--forward-to\"",
        "--forward-on-disconnect | \"--forward-on-disconnect\" needs a next hop, given by"
            + " \"--forward-to\"",
        "--immediate | \"--immediate\" needs a next hop, given by \"--forward-to\"",
        "--as-client=h:1 --forward-to=h:1 | \"--forward-to\" cannot be used with \"--as-client\"",
        "--as-proxy=h:1 -o h:2 | \"--forward-to\" cannot be used with \"--as-proxy\"",
        "--as-client=h:1 --port=25 | \"--port\" cannot be used with \"--as-client\"",
        "--dont-serve --port=25 | \"--port\" cannot be used with \"--dont-serve\"",
        "-X -p 25 | \"--port\" cannot be used with \"--no-smtp\"",
        "--verbose | \"--verbose\" needs \"--log\"",
        "-g | \"--debug\" needs \"--log\"",
        "--cluster-port=5701 | \"--cluster-port\" needs \"--cluster\"",
        "--retry-delay=5 | \"--retry-delay\" needs \"--temporary-failures=keep\"",
        "--temporary-failures=keep --retry-delay=2h | \"--retry-delay\" cannot be longer than"
            + " \"--retry-maximum-delay\"",
        "a.conf b.conf | too many non-option arguments",
        "-- a.conf --log | too many non-option arguments",
        "--config=a.conf b.conf | only one configuration file can be given",
      })
  void usageErrors(String words, String text) {
    assertThat(errors(read(Flavour.DROP_IN, words.split(" "))))
        .containsExactly("emailrelay: usage error: " + text);
  }

  @Test
  void severalAreSortedAndToldOnce() {
    assertThat(errors(read(Flavour.OWN, "--zzzz", "--port", "--yyyy", "--zzzz")))
        .containsExactly(
            "stagepost: error: invalid option: \"--yyyy\"",
            "stagepost: error: invalid option: \"--zzzz\"",
            "stagepost: error: no value supplied for \"--port\": write \"--port=--yyyy\" if that"
                + " is its value");
  }

  @Test
  void nobodyForgesALine() {
    assertThat(errors(read(Flavour.OWN, "--log\nstagepost: all is well", "--port=1\n2")))
        .hasSize(1)
        .allMatch(line -> line.contains("\\n") && !line.contains("\n"));
  }

  @Test
  void helpWinsOverErrorsAndTheyOverVersion() {
    assertThat(read(Flavour.DROP_IN, "--zzzz", "--help")).isInstanceOf(ConfigResult.Print.class);
    assertThat(errors(read(Flavour.DROP_IN, "--zzzz", "--version"))).hasSize(1);
    assertThat(read(Flavour.DROP_IN, "--port=zz", "-V")).isInstanceOf(ConfigResult.Print.class);
  }

  @Test
  void helpListsAllOfTheTable() {
    String brief = ((ConfigResult.Print) read(Flavour.DROP_IN, "-h")).text();
    String full = ((ConfigResult.Print) read(Flavour.DROP_IN, "-hv")).text();
    assertThat(brief).contains("--forward-to=<host:port>").doesNotContain("--max-recipients");
    for (Option option : OptionTable.all()) {
      if (option.audience() != Option.Audience.NOBODY) {
        assertThat(full).contains(option.spelled());
      }
    }
    assertThat(full).contains("-p, --port=<port>").contains("[25]").doesNotContain("--test");
  }

  @Test
  void versionNamesTheOriginalForTheDropIn() {
    assertThat(((ConfigResult.Print) read(Flavour.DROP_IN, "--version")).text().split("\n"))
        .startsWith("E-MailRelay V2.6")
        .hasSize(2);
    String own = ((ConfigResult.Print) read(Flavour.OWN, "-Vv")).text();
    assertThat(own)
        .matches("(?s)Stagepost V[0-9]+\\.[0-9]+.*")
        .contains("Multi-threading: enabled");
    assertThat(List.of(own.split("\n"))).doesNotContain("E-MailRelay V2.6");
  }
}
