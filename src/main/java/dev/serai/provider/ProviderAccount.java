package dev.serai.provider;

import java.net.URI;

/**
 * Where a tenant's calls go, and with which key.
 *
 * @param baseUrl without {@code /connect} and without a slash at its end
 */
public record ProviderAccount(URI baseUrl, Credentials credentials) {}
