package dev.serai.service;

/** Files of intakes cannot be used; the message has each on a line of its own, with its intake. */
final class UnusableIntakesException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    UnusableIntakesException(String message) {
        super(message);
    }
}
