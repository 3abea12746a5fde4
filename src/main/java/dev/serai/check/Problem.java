package dev.serai.check;

import dev.serai.dialect.mapping.InvalidMappingException;
import dev.serai.loop.UnusableFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Something in a file that is wrong. Immutable.
 *
 * @param line counted from 1; 0 if none is known
 * @param column likewise
 * @param path JSON pointer to what is wrong; empty if there is none
 * @param text what is wrong, and what to do
 */
public record Problem(Path file, long line, long column, String path, String text) {
    private static final Pattern NEXT_REASON = Pattern.compile("; (?=/)");
    private static final Pattern WITH_PATH = Pattern.compile("(/[^:]*): (.*)", Pattern.DOTALL);

    static Problem of(Path file, String text) {
        return new Problem(file, 0, 0, "", text);
    }

    static Problem at(Path file, String path, String text) {
        return new Problem(file, 0, 0, path, text);
    }

    static Problem of(Path file, UnusableFileException e) {
        return new Problem(file, e.line(), 0, "", e.what());
    }

    static List<Problem> of(Path file, InvalidMappingException e) {
        return e.problems().stream()
                .map(problem -> new Problem(file, problem.line(), problem.column(), "", problem.what()))
                .toList();
    }

    /**
     * What an event or a record is refused for.
     *
     * @param line where it is; 0 if the file has nothing else
     * @param reason of several parts, each of which may begin with its JSON pointer
     */
    static List<Problem> ofReason(Path file, long line, String reason) {
        List<Problem> problems = new ArrayList<>();
        for (String part : NEXT_REASON.split(reason, -1)) {
            Matcher withPath = WITH_PATH.matcher(part);
            problems.add(
                    withPath.matches()
                            ? new Problem(file, line, 0, withPath.group(1), withPath.group(2))
                            : new Problem(file, line, 0, "", part));
        }
        return problems;
    }

    /** @param difference begins with its JSON pointer */
    static Problem ofDifference(Path file, String difference) {
        Matcher withPath = WITH_PATH.matcher(difference);
        return withPath.matches() ? at(file, withPath.group(1), withPath.group(2)) : of(file, difference);
    }

    /** The file, and where in it. */
    public String place() {
        StringJoiner place = new StringJoiner(", ").add(file.toString());
        if (line > 0) {
            place.add("line " + line);
        }
        if (column > 0) {
            place.add("column " + column);
        }
        if (!path.isEmpty()) {
            place.add(path);
        }
        return place.toString();
    }
}
