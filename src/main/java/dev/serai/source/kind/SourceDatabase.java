package dev.serai.source.kind;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.serai.settings.EnrichmentSource;
import dev.serai.settings.Secret;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/** Makes the pool of connections to the database of a source, bounded in number and in time. */
final class SourceDatabase {
    /** The least that the pool of connections takes as a time-out. */
    private static final Duration SHORTEST_POOL_WAIT = Duration.ofMillis(250);

    /** As camel-sql names it in a query. */
    private static final Pattern PARAMETER = Pattern.compile(":#(in:)?\\w+");

    private SourceDatabase() {}

    /**
     * Makes the pool; a database that is away is no reason to fail.
     *
     * @throws IllegalArgumentException if there is no driver for it; naming the setting
     */
    static HikariDataSource open(String name, EnrichmentSource source, EnrichmentSource.System.Sql sql) {
        requireDriver(name, sql.jdbcUrl());
        return new HikariDataSource(pool(name, source, sql));
    }

    /** Opens connections with this password from now on; those that are open are closed when they are idle. */
    static void usePassword(HikariDataSource database, Secret password) {
        database.getHikariConfigMXBean().setPassword(password.reveal());
        database.getHikariPoolMXBean().softEvictConnections();
    }

    /**
     * Opens a connection and has the database look at the query, which is not run.
     *
     * @param limit for as long, the pool is waited for
     * @return what was wrong, in the database's words, which may hold secrets; empty if nothing was
     */
    static Optional<String> trouble(DataSource database, String query, Duration limit) {
        long until = System.nanoTime() + limit.toNanos();
        while (true) {
            try (Connection connection = database.getConnection();
                    PreparedStatement prepared =
                            connection.prepareStatement(PARAMETER.matcher(query).replaceAll("?"))) {
                for (int i = 1; i <= PARAMETER.matcher(query).results().count(); i++) {
                    // Texts, as camel-sql sets them: of which type they are is a part of the question.
                    prepared.setString(i, "");
                }
                prepared.getMetaData();
                return Optional.empty();
            } catch (SQLFeatureNotSupportedException e) {
                return Optional.empty(); // this driver cannot look at a query without running it
            } catch (SQLTransientConnectionException e) {
                // The pool's wait can be shorter than the first connection of a process takes.
                if (System.nanoTime() - until >= 0 || Thread.currentThread().isInterrupted()) {
                    return Optional.of(SourceFailures.ofTrial(e));
                }
            } catch (SQLException e) {
                return Optional.of(SourceFailures.ofTrial(e));
            }
        }
    }

    private static void requireDriver(String name, String jdbcUrl) {
        try {
            DriverManager.getDriver(jdbcUrl);
        } catch (SQLException e) {
            throw new IllegalArgumentException(
                    "serai.sources." + name + ".jdbc-url: no JDBC driver on the class path takes " + jdbcUrl, e);
        }
    }

    private static HikariConfig pool(String name, EnrichmentSource source, EnrichmentSource.System.Sql sql) {
        Duration wait = source.timeout().compareTo(SHORTEST_POOL_WAIT) > 0 ? source.timeout() : SHORTEST_POOL_WAIT;
        HikariConfig pool = new HikariConfig();
        pool.setPoolName(SourceRoutes.routeId(name));
        pool.setJdbcUrl(sql.jdbcUrl());
        pool.setUsername(sql.jdbcUser());
        pool.setPassword(Secret.revealed(sql.jdbcPassword()));
        pool.setReadOnly(true);
        pool.setMaximumPoolSize(source.maxConcurrent());
        pool.setMinimumIdle(1);
        pool.setConnectionTimeout(wait.toMillis());
        pool.setValidationTimeout(wait.toMillis());
        // A database that is away must not keep the service from starting.
        pool.setInitializationFailTimeout(-1);
        if (sql.jdbcUrl().startsWith("jdbc:postgresql:")) {
            pool.setDataSourceProperties(postgres(statementSeconds(source.timeout())));
        }
        return pool;
    }

    /** A server that is gone without a word is noticed as soon as the statement's own limit is over. */
    private static Properties postgres(long seconds) {
        Properties properties = new Properties();
        properties.setProperty("ApplicationName", "serai");
        properties.setProperty("connectTimeout", Long.toString(seconds));
        properties.setProperty("socketTimeout", Long.toString(seconds + 1));
        // What a row holds is not for exceptions.
        properties.setProperty("logServerErrorDetail", "false");
        return properties;
    }

    /** How long a statement may take, in whole seconds, as JDBC counts. */
    static long statementSeconds(Duration timeout) {
        return timeout.plusMillis(999).toSeconds();
    }
}
