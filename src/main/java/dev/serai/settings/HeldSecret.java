package dev.serai.settings;

/**
 * A file with a secret, and what it held when the settings were read. {@code toString} does not show it. Immutable.
 *
 * @param file to be read again: the secret may be rotated
 */
public record HeldSecret(SecretFile file, Secret secret) {}
