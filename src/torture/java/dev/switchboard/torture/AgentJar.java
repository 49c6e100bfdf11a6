package dev.switchboard.torture;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import net.bytebuddy.agent.builder.AgentBuilder;

/** Packs {@link KillPointAgent} as the JVM wants it. */
final class AgentJar {

    private static final List<Class<?>> CLASSES =
            List.of(KillPointAgent.class, KillPointAgent.OnEnter.class, KillPointAgent.OnExit.class);

    private AgentJar() {}

    /** Returns the option with which a JVM stops at a point. */
    static String option(Path folder, String argument) throws IOException {
        Path jar = folder.resolve("kill-points.jar");
        if (!Files.exists(jar)) {
            write(jar);
        }
        return "-javaagent:" + jar + "=" + argument;
    }

    private static void write(Path jar) throws IOException {
        var manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.CLASS_PATH, library());
        attributes.putValue("Premain-Class", KillPointAgent.class.getName());
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out, manifest)) {
            for (Class<?> each : CLASSES) {
                String name = each.getName().replace('.', '/') + ".class";
                entries.putNextEntry(new JarEntry(name));
                try (InputStream in = AgentJar.class.getClassLoader().getResourceAsStream(name)) {
                    entries.write(in == null ? new byte[0] : in.readAllBytes());
                }
            }
        }
    }

    private static String library() {
        try {
            return AgentBuilder.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI()
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
