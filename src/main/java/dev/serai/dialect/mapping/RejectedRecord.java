package dev.serai.dialect.mapping;

/** Leaves a mapping with the reason of a dead letter. Expected, so without a stack trace. */
final class RejectedRecord extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    RejectedRecord(String reason) {
        super(reason, null, false, false);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
