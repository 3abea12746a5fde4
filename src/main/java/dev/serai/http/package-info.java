/**
 * The HTTP client that every call goes through: what is sent once, what is taken for an answer and how much of it, TLS, proxy and
 * credentials.
 */
@NullMarked
package dev.serai.http;

import org.jspecify.annotations.NullMarked;
