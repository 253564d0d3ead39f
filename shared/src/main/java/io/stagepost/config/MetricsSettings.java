package io.stagepost.config;

import io.stagepost.net.AddressRanges;

/**
 * That there are metrics.
 *
 * @param clients who may read them without a token
 */
public record MetricsSettings(AddressRanges clients) {}
