package dev.serai.source;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;

/** A template's text cannot be used. The message has one line per mistake, all of them at once. Immutable. */
public final class InvalidTemplateException extends Exception {
    private static final long serialVersionUID = 1;

    private final List<Mistake> mistakes;

    /**
     * One mistake, and where it is.
     *
     * @param line from 1
     * @param column from 1, in code points, of the mistake's opening braces
     */
    public record Mistake(int line, int column, String text) implements Serializable {
        @Override
        public String toString() {
            return "line %d, column %d: %s".formatted(line, column, text);
        }
    }

    InvalidTemplateException(List<Mistake> mistakes) {
        super(mistakes.stream().map(Mistake::toString).collect(Collectors.joining("\n")));
        this.mistakes = List.copyOf(mistakes);
    }

    /** In the order of the text; never empty. */
    public List<Mistake> mistakes() {
        return mistakes;
    }
}
