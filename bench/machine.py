"""What a result must say about the machine it was measured on."""
import os
import platform


def describe():
    """One line: processor, cores, memory, and how busy the machine was before the measurement."""
    model = next((line.split(":")[1].strip() for line in read("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    total = next((int(line.split()[1]) >> 20 for line in read("/proc/meminfo") if line.startswith("MemTotal")), 0)
    busy = ", ".join(f"{load:.2f}" for load in os.getloadavg())
    return f"{model}, {os.cpu_count()} cores, {total} GB, {platform.system()} {platform.release()}; load before: {busy}"


def read(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as lines:
            return lines.readlines()
    except FileNotFoundError:
        return []
