package dev.serai.route;

import org.jspecify.annotations.Nullable;

/** Endpoints of routes name settings, beans or options that there are none of; each line of the message says where. */
public final class UnusableEndpointException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnusableEndpointException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
