package dev.serai.connect;

import dev.serai.http.Credentials;
import java.net.URI;

/**
 * Where a tenant's calls go, and with which key.
 *
 * @param baseUrl without {@code /connect} and without a slash at its end
 */
public record ProviderAccount(URI baseUrl, Credentials credentials) {}
