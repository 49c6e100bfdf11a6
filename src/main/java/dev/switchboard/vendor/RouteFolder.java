package dev.switchboard.vendor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder {@code routes/}: the packaged files and those of the operator's folder. A file there replaces the packaged
 * one with the same path, is added, or adds to others ({@link Additions}).
 */
public final class RouteFolder {

    private final SortedMap<String, byte[]> files = new TreeMap<>();
    private final SortedMap<String, Path> overlaid = new TreeMap<>();
    private final SortedMap<String, byte[]> originals = new TreeMap<>();
    private @Nullable JsonNode api;

    private RouteFolder() {}

    /**
     * Reads all files.
     *
     * @param overlay the operator's folder
     * @throws IllegalArgumentException when the overlay is no folder
     */
    public static RouteFolder read(Optional<Path> overlay) {
        var folder = new RouteFolder();
        try {
            for (URL root : Collections.list(loader().getResources("routes"))) {
                folder.addPackaged(root);
            }
            if (overlay.isPresent()) {
                folder.addOverlay(overlay.get());
            }
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("cannot read the packaged routes", e);
        }
        return folder;
    }

    private void addPackaged(URL root) throws IOException, URISyntaxException {
        if (!root.getProtocol().equals("jar")) {
            walk(Path.of(root.toURI())).forEach((name, path) -> files.putIfAbsent(name, bytes(path)));
            return;
        }
        String jar = root.getPath().substring("file:".length(), root.getPath().indexOf('!'));
        try (FileSystem inside = FileSystems.newFileSystem(Path.of(URLDecoder.decode(jar, StandardCharsets.UTF_8)))) {
            walk(inside.getPath("routes")).forEach((name, path) -> files.putIfAbsent(name, bytes(path)));
        }
    }

    private void addOverlay(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("switchboard.routes.dir: " + folder + " is not a folder");
        }
        overlaid.putAll(walk(folder.toAbsolutePath().normalize()));
        overlaid.forEach((name, path) -> {
            byte[] original = files.put(name, bytes(path));
            if (original != null) {
                originals.put(name, original);
            }
        });
        Additions.apply(files, overlaid);
    }

    private static Map<String, Path> walk(Path root) throws IOException {
        var found = new TreeMap<String, Path>();
        try (Stream<Path> paths = Files.walk(root)) {
            paths.filter(Files::isRegularFile)
                    .forEach(path -> found.put(root.relativize(path).toString().replace('\\', '/'), path));
        }
        return found;
    }

    private static byte[] bytes(Path path) {
        try (InputStream in = Files.newInputStream(path)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ClassLoader loader() {
        return Thread.currentThread().getContextClassLoader();
    }

    /** Returns the operator's files by their paths within the folder. */
    public Map<String, Path> overlaid() {
        return Collections.unmodifiableMap(overlaid);
    }

    /** Returns the packaged files that the operator's replace, by their paths within the folder. */
    public Map<String, byte[]> replaced() {
        return Collections.unmodifiableMap(originals);
    }

    /** Returns where a file is, for people: its path on the disk, or in the program {@code routes/} and its path there. */
    public String where(String name) {
        Path own = overlaid.get(name);
        return own == null ? "routes/" + name : own.toString();
    }

    /** Returns the paths of all files that match, sorted. */
    public List<String> names(String pattern) {
        return files.keySet().stream().filter(name -> name.matches(pattern)).toList();
    }

    /**
     * Returns the content of a file.
     *
     * @throws IllegalArgumentException when there is no such file
     */
    public byte[] bytes(String name) {
        byte[] found = files.get(name);
        if (found == null) {
            throw new IllegalArgumentException("routes/" + name + " is missing");
        }
        return found;
    }

    /** Returns the content of a file as text. */
    public String text(String name) {
        return new String(bytes(name), StandardCharsets.UTF_8);
    }

    /**
     * Returns {@code openapi.yaml}, parsed once: that takes as long as all other files together.
     *
     * @throws IllegalArgumentException when it cannot be read
     */
    public synchronized JsonNode api() {
        if (api == null) {
            try {
                api = new YAMLMapper().readTree(bytes("openapi.yaml"));
            } catch (IOException e) {
                throw new IllegalArgumentException(where("openapi.yaml") + ": cannot be read: " + e.getMessage(), e);
            }
        }
        return api;
    }
}
