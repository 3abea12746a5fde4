package dev.serai.settings;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses of databases, and what is asked of them. */
final class SqlTypes {
    private static final int LONGEST_URL = 2000;
    private static final int LONGEST_QUERY = 4000;

    private static final Pattern SECRET =
            Pattern.compile("(password|passwd|pwd|secret|token)\\d*\\s*=", Pattern.CASE_INSENSITIVE);

    /** What stands before an "@" that no credentials stand before, as in Oracle's URLs. */
    private static final Pattern SCHEME = Pattern.compile("jdbc(:[a-z0-9]+)+:/?", Pattern.CASE_INSENSITIVE);

    private static final Pattern EXPRESSION = Pattern.compile(":#\\$|\\$\\{|\\$simple\\{");
    private static final Pattern REFERENCE = Pattern.compile(":#reference\\b");
    private static final Pattern POSTGRESQL = Pattern.compile("jdbc:postgresql:(//([^/?]*))?.*");
    private static final Pattern PORT = Pattern.compile(":\\d*$");

    private SqlTypes() {}

    /** A URL that holds no password. One that does is not shown, even if it is wrong in other ways as well. */
    static SettingType<String> jdbcUrl() {
        return SettingType.of("JDBC URL", "no password in it", text -> {
            if (SECRET.matcher(text).find() || hasCredentials(text)) {
                throw BadValueException.hidingTheValue(
                        "must hold no password, nor a user before an '@': set jdbc-user and jdbc-password-file instead");
            }
            if (!text.startsWith("jdbc:")) {
                throw new BadValueException("must begin with jdbc:");
            }
            if (text.length() > LONGEST_URL || text.chars().anyMatch(Character::isISOControl)) {
                throw new BadValueException("must be on one line, at most " + LONGEST_URL + " characters long");
            }
            return text;
        });
    }

    private static boolean hasCredentials(String url) {
        int at = url.lastIndexOf('@');
        return at >= 0 && !SCHEME.matcher(url.substring(0, at)).matches();
    }

    /** An SQL statement into which values go as parameters only. */
    static SettingType<String> query() {
        return SettingType.of("SQL", "up to " + LONGEST_QUERY + " characters on one line", text -> {
            if (text.length() > LONGEST_QUERY || text.chars().anyMatch(Character::isISOControl)) {
                throw new BadValueException("must be on one line, at most " + LONGEST_QUERY + " characters long");
            }
            if (EXPRESSION.matcher(text).find()) {
                throw new BadValueException("must have no expression (':#$', '${' or '$simple{'): write :#reference,"
                        + " which is a parameter");
            }
            return text;
        });
    }

    static boolean usesTheReference(String query) {
        return REFERENCE.matcher(query).find();
    }

    /** Whether this is a PostgreSQL on another host of which the URL does not say how safe the connection must be. */
    static boolean leavesEncryptionOpen(String url) {
        Matcher matcher = POSTGRESQL.matcher(url);
        return matcher.matches()
                && matcher.group(2) != null
                && !url.contains("sslmode=")
                && !Arrays.stream(matcher.group(2).split(",", -1))
                        .map(server -> PORT.matcher(server).replaceFirst(""))
                        .allMatch(host -> host.isEmpty() || Addresses.isLoopback(host));
    }
}
