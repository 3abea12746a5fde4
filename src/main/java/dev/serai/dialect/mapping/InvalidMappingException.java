package dev.serai.dialect.mapping;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A mapping file cannot be used. The message names the file, the line and column where they are known, and what is wrong. */
public final class InvalidMappingException extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int MOST_PROBLEMS = 10;

    InvalidMappingException(Path file, String what) {
        super(file + " " + what);
    }

    private InvalidMappingException(String message) {
        super(message);
    }

    static InvalidMappingException at(Path file, String text, int position, String what) {
        return new InvalidMappingException(line(file, text, new MappingRules.Problem(position, what)));
    }

    /** One line for each of the first {@value #MOST_PROBLEMS}. */
    static InvalidMappingException of(Path file, String text, List<MappingRules.Problem> problems) {
        return new InvalidMappingException(problems.stream()
                        .limit(MOST_PROBLEMS)
                        .map(problem -> line(file, text, problem))
                        .collect(Collectors.joining("\n"))
                + (problems.size() > MOST_PROBLEMS ? "\nand " + (problems.size() - MOST_PROBLEMS) + " more" : ""));
    }

    private static String line(Path file, String text, MappingRules.Problem problem) {
        String before = text.substring(0, Math.min(problem.position(), text.length()));
        long line = before.chars().filter(character -> character == '\n').count() + 1;
        int column = before.length() - before.lastIndexOf('\n');
        return file + ", line " + line + ", column " + column + ": " + problem.what();
    }
}
