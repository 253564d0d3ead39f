package io.stagepost.config;

import static io.stagepost.config.OptionBuilder.option;

import io.stagepost.config.Option.Instead;
import java.util.List;

/** The part of the option table about filters, address verifiers and block lists. */
final class FilterOptions {

  private static final String NO_FILTERS = "this version runs no filters";
  private static final ValueRule SPEC =
      new ValueRule("spec", "a program or a built-in filter", SpecText::isFilter)
          .suggesting(SpecText::nearestFilter);

  static final Option FILTER =
      option("filter", 'z')
          .list(SPEC)
          .key("filters.server")
          .lacks(NO_FILTERS, Instead.HOLD)
          .means("run on each message when it has been stored");
  static final Option CLIENT_FILTER =
      option("client-filter", 'Y')
          .list(SPEC)
          .key("filters.client")
          .lacks(NO_FILTERS, Instead.HOLD)
          .means("run on each message before it is sent");
  static final Option FILTER_TIMEOUT =
      option("filter-timeout", 'W')
          .one(ValueRule.period(0))
          .by("60")
          .key("filters.timeout")
          .expert()
          .lacks(NO_FILTERS)
          .means("time for a filter or verifier to end (0: any)");
  static final Option ADDRESS_VERIFIER =
      option("address-verifier")
          .one(
              new ValueRule("spec", "a program or a built-in verifier", SpecText::isVerifier)
                  .suggesting(SpecText::nearestVerifier))
          .key("filters.address-verifier")
          .lacks("this version runs no address verifiers", Instead.LOCAL_CLIENTS)
          .means("run for each recipient, to accept or refuse it");
  static final Option DNSBL =
      option("dnsbl")
          .list(ValueRule.text("config", "a block list"))
          .key("listeners.dnsbl")
          .lacks("this version asks no block lists", Instead.LOCAL_CLIENTS)
          .means("ask block lists about each client: domains, threshold, timeout, name server");

  static final List<Option> ALL =
      List.of(FILTER, CLIENT_FILTER, FILTER_TIMEOUT, ADDRESS_VERIFIER, DNSBL);

  private FilterOptions() {}
}
