package dev.serai.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * One PostgreSQL server for all tests of the JVM, on the loopback address; each test makes schemas of its own. All
 * users but the superuser are asked for their passwords.
 */
public final class SharedPostgres {
    private SharedPostgres() {}

    private static final class Holder {
        static final EmbeddedPostgres SERVER = start();

        private static EmbeddedPostgres start() {
            try {
                Path rules = Files.writeString(Files.createTempFile("pg_hba", ".conf"), """
                        host all postgres 127.0.0.1/32 trust
                        host all all 127.0.0.1/32 scram-sha-256
                        """);
                rules.toFile().deleteOnExit();
                EmbeddedPostgres server = EmbeddedPostgres.builder()
                        .setServerConfig("hba_file", rules.toString())
                        .setServerConfig("listen_addresses", "127.0.0.1")
                        .start();
                Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "stop-postgres"));
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException("PostgreSQL did not start", e);
            }
        }

        private static void stop(EmbeddedPostgres server) {
            try {
                server.close();
            } catch (IOException e) {
                throw new UncheckedIOException("PostgreSQL did not stop", e);
            }
        }
    }

    /** For the superuser {@code postgres}, whose password is not asked for. */
    public static String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + Holder.SERVER.getPort() + "/postgres";
    }

    public static DataSource database() {
        return Holder.SERVER.getPostgresDatabase();
    }

    /** Runs statements as the superuser. */
    public static void run(String... statements) {
        try (Connection connection = database().getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL refused a statement of the test", e);
        }
    }
}
