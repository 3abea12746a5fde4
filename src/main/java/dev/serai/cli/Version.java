package dev.serai.cli;

import java.io.IOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: Serai's version, and that of the Java it runs on. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
        return new String[] {"serai " + serai() + " (Java " + Runtime.version() + ")"};
    }

    private static String serai() throws IOException {
        try (var resource = Version.class.getResourceAsStream("/dev/serai/version.properties")) {
            if (resource == null) {
                throw new IOException("dev/serai/version.properties is not on the class path");
            }
            var properties = new Properties();
            properties.load(resource);
            return properties.getProperty("version", "unknown");
        }
    }
}
