package dev.serai.route;

/** An endpoint of a route names a setting, a bean or an option that there is none of; the message says where. */
public final class UnusableEndpointException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnusableEndpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
