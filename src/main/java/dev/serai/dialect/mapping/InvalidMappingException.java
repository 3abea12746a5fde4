package dev.serai.dialect.mapping;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A mapping file cannot be used. The message names the file, the line and column where they are known, and what is wrong. */
public final class InvalidMappingException extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int MOST_PROBLEMS = 10;

    private final transient List<Problem> problems;

    /**
     * One thing that is wrong.
     *
     * @param line counted from 1; 0 if it is about the file as a whole
     * @param column likewise
     */
    public record Problem(long line, long column, String what) {
        private static Problem in(String text, MappingRules.Problem problem) {
            String before = text.substring(0, Math.min(problem.position(), text.length()));
            long line = before.chars().filter(character -> character == '\n').count() + 1;
            return new Problem(line, before.length() - before.lastIndexOf('\n'), problem.what());
        }

        private String inFile(Path file) {
            return line == 0 ? file + " " + what : file + ", line " + line + ", column " + column + ": " + what;
        }
    }

    InvalidMappingException(Path file, String what) {
        this(file, List.of(new Problem(0, 0, what)));
    }

    private InvalidMappingException(Path file, List<Problem> problems) {
        super(problems.stream()
                        .limit(MOST_PROBLEMS)
                        .map(problem -> problem.inFile(file))
                        .collect(Collectors.joining("\n"))
                + (problems.size() > MOST_PROBLEMS ? "\nand " + (problems.size() - MOST_PROBLEMS) + " more" : ""));
        this.problems = List.copyOf(problems);
    }

    static InvalidMappingException at(Path file, String text, int position, String what) {
        return of(file, text, List.of(new MappingRules.Problem(position, what)));
    }

    /** One line for each of the first {@value #MOST_PROBLEMS}. */
    static InvalidMappingException of(Path file, String text, List<MappingRules.Problem> problems) {
        return new InvalidMappingException(
                file,
                problems.stream().map(problem -> Problem.in(text, problem)).toList());
    }

    /** All that is wrong; at least one. */
    public List<Problem> problems() {
        return problems;
    }
}
