package dev.serai.operate.doctor;

import dev.serai.loop.UnusableFileException;
import dev.serai.settings.HeldSecret;
import dev.serai.settings.SeraiSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether open sessions outlive the process, and whether files with keys are for this user alone. */
record KeyFilesCheck(SeraiSettings settings) implements Check {
    @Override
    public List<Found> look() throws IOException {
        List<Found> found = new ArrayList<>();
        if (settings.sessions().keyFile() == null) {
            found.add(Found.warning(
                    "serai.sessions.key-file is not set: sessions that a process has opened are not known to another, nor"
                            + " after a restart, and cannot be ended then",
                    "openssl rand -base64 32 > sealing-keys, the same file for all replicas, and set"
                            + " serai.sessions.key-file"));
        }
        for (Map.Entry<String, HeldSecret> file : files().entrySet()) {
            found.add(of(file.getKey(), file.getValue()));
        }
        return found;
    }

    private Map<String, HeldSecret> files() {
        Map<String, HeldSecret> files = new LinkedHashMap<>();
        put(files, "serai.sessions.key-file", settings.sessions().keyFile());
        put(files, "serai.connect.api-key-file", settings.connect().apiKeyFile());
        settings.tenants()
                .forEach((name, tenant) -> put(files, "serai.tenants." + name + ".api-key-file", tenant.apiKeyFile()));
        settings.intake()
                .forEach((name, intake) ->
                        put(files, "serai.intake." + name + ".digest-key-file", intake.digestKeyFile()));
        return files;
    }

    private static void put(Map<String, HeldSecret> files, String setting, @Nullable HeldSecret file) {
        if (file != null) {
            files.put(setting, file);
        }
    }

    private static Found of(String setting, HeldSecret held) throws IOException {
        Path path = held.file().path();
        String name = setting + " (" + path + ")";
        try {
            held.file().read();
        } catch (UnusableFileException e) {
            return Found.error(name + " cannot be used any more: " + e.getMessage(), "put it there again");
        }
        if (!Files.getFileStore(path).supportsFileAttributeView("posix")) {
            return Found.ok(name + " can be used; this file system does not say who else may read it");
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
        String text = name + " can be used, and is " + PosixFilePermissions.toString(permissions);
        return permissions.contains(PosixFilePermission.OTHERS_READ)
                ? Found.warning(text + ": whoever has an account on this machine can read it", "chmod o= " + path)
                : Found.ok(text);
    }
}
