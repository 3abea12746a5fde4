package dev.serai.settings;

/** A text that is no value of its type; the message ends the sentence that begins with the setting's key. */
final class BadValueException extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean showable;

    private BadValueException(String message, boolean showable) {
        super(message);
        this.showable = showable;
    }

    BadValueException(String message) {
        this(message, true);
    }

    /** For texts that hold, or may well hold, a password or a key. */
    static BadValueException hidingTheValue(String message) {
        return new BadValueException(message, false);
    }

    boolean isValueShowable() {
        return showable;
    }
}
