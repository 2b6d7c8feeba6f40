/* tvm-demo-catalog.c: the products and settings that recommendations are made from. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-data-private.h"

#define WIN  (TVM_DEMO_CLIENT | TVM_DEMO_SERVER)
#define DESK (TVM_DEMO_CLIENT | TVM_DEMO_MAC)
#define ALL  (WIN | TVM_DEMO_MAC | TVM_DEMO_LINUX)
#define UPDATE(vendor, product, name, version, where, n, known) \
  { TVM_DEMO_UPDATE, vendor, product, name, NULL, version, where, n, known }
#define UPGRADE(vendor, product, name, title, where, n) \
  { TVM_DEMO_UPGRADE, vendor, product, name, title, NULL, where, n, NULL }
#define UNINSTALL(vendor, product, name, where, n, known) \
  { TVM_DEMO_UNINSTALL, vendor, product, name, NULL, NULL, where, n, known }
#define ATTENTION(vendor, product, name, where, n) \
  { TVM_DEMO_ATTENTION, vendor, product, name, NULL, NULL, where, n, NULL }
#define SETTING(scid, area, title, where) \
  { TVM_DEMO_CONFIGURATION, scid, NULL, area, title, NULL, where, 0, NULL }

/* Mixed so that the first dozen holds every remediation type. */
const TvmDemoProduct tvm_demo_catalog[] = {
  UPDATE ("google", "chrome", "Google Chrome", "131.0.6778.109", ALL & ~TVM_DEMO_SERVER, 37,
          "CVE-2023-4863 CVE-2024-0519 CVE-2024-4671"),
  SETTING ("scid-2080", "Security controls (Credential protection)",
           "Enable Local Security Authority (LSA) protection", WIN),
  UPDATE ("microsoft", "windows_11", "Microsoft Windows 11", NULL, TVM_DEMO_CLIENT, 64,
          "CVE-2024-38112 CVE-2024-43573"),
  UPDATE ("7-zip", "7-zip", "7-Zip", "24.09", WIN, 5, "CVE-2025-0411"),
  ATTENTION ("openssl", "openssl", "OpenSSL", ALL, 14),
  UNINSTALL ("adobe", "flash_player", "Adobe Flash Player", DESK, 22,
             "CVE-2018-4878 CVE-2018-15982"),
  UPGRADE ("microsoft", "windows_10", "Microsoft Windows 10",
           "Upgrade Microsoft Windows 10 to Windows 11", TVM_DEMO_CLIENT, 81),
  SETTING ("scid-2090", "OS (BitLocker)", "Encrypt all BitLocker-supported drives",
           TVM_DEMO_CLIENT),
  UPDATE ("mozilla", "firefox", "Mozilla Firefox", "133.0", ALL & ~TVM_DEMO_SERVER, 29,
          "CVE-2024-9680"),
  UPDATE ("adobe", "acrobat_reader_dc", "Adobe Acrobat Reader", "24.005.20307", DESK, 18,
          "CVE-2023-26369"),
  SETTING ("scid-91", "Security controls (Antivirus)",
           "Fix Microsoft Defender Antivirus cloud service connectivity", WIN),
  UPDATE ("zoom", "workplace", "Zoom Workplace", "6.2.11", DESK, 9, NULL),
  UPDATE ("notepad++", "notepad++", "Notepad++", "8.7.4", TVM_DEMO_CLIENT, 4, NULL),
  UPDATE ("videolan", "vlc_media_player", "VLC media player", "3.0.21", DESK, 6, NULL),
  SETTING ("scid-2500", "Security controls (Attack surface reduction)",
           "Block all Office applications from creating child processes", TVM_DEMO_CLIENT),
  UPDATE ("microsoft", "edge_chromium-based", "Microsoft Edge Chromium-based", "131.0.2903.86",
          WIN | TVM_DEMO_MAC, 33, "CVE-2024-4947"),
  UPDATE ("microsoft", "office", "Microsoft Office", NULL, TVM_DEMO_CLIENT, 41, "CVE-2023-36884"),
  UPGRADE ("microsoft", "sql_server_2012", "Microsoft SQL Server 2012",
           "Upgrade Microsoft SQL Server 2012 to a supported version", TVM_DEMO_SERVER, 11),
  UPDATE ("rarlab", "winrar", "WinRAR", "7.01", TVM_DEMO_CLIENT, 3, "CVE-2023-38831"),
  SETTING ("scid-2010", "Security controls (Antivirus)", "Turn on Microsoft Defender Antivirus",
           WIN),
  UPDATE ("oracle", "jre", "Oracle Java SE Runtime Environment", "8.0.431", ALL, 27, NULL),
  UPDATE ("apache", "log4j", "Apache Log4j", "2.24.2", TVM_DEMO_SERVER | TVM_DEMO_LINUX, 5,
          "CVE-2021-44228"),
  SETTING ("scid-2011", "Security controls (Antivirus)", "Turn on real-time protection", WIN),
  UPDATE ("microsoft", "windows_server_2022", "Microsoft Windows Server 2022", NULL,
          TVM_DEMO_SERVER, 58, "CVE-2024-38077"),
  UNINSTALL ("apple", "quicktime", "Apple QuickTime", TVM_DEMO_CLIENT, 12, NULL),
  UPDATE ("apple", "macos", "Apple macOS", "15.1.1", TVM_DEMO_MAC, 47,
          "CVE-2024-44308 CVE-2024-44309"),
  UPDATE ("microsoft", "teams", "Microsoft Teams", "24295.605", DESK, 3, NULL),
  SETTING ("scid-2012", "Security controls (Antivirus)", "Turn on PUA protection in block mode",
           WIN),
  ATTENTION ("microsoft", "exchange_server_2016", "Microsoft Exchange Server 2016", TVM_DEMO_SERVER,
             8),
  UPDATE ("git", "git", "Git", "2.47.1", ALL, 7, NULL),
  UPDATE ("python", "python", "Python", "3.13.1", ALL, 13, NULL),
  SETTING ("scid-22", "Accounts (Password policy)",
           "Set 'Minimum password length' to 14 or more characters", WIN),
  UPDATE ("nodejs", "node.js", "Node.js", "22.12.0", ALL, 10, NULL),
  UPDATE ("putty", "putty", "PuTTY", "0.82", TVM_DEMO_CLIENT, 2, NULL),
  SETTING ("scid-2513", "Network (SMB)", "Disable SMBv1 client driver", WIN),
  UPDATE ("filezilla-project", "filezilla_client", "FileZilla Client", "3.68.1", DESK, 3, NULL),
  UPDATE ("wireshark", "wireshark", "Wireshark", "4.4.2", DESK, 12, NULL),
  UPGRADE ("microsoft", ".net_framework", "Microsoft .NET Framework 4.6",
           "Upgrade Microsoft .NET Framework 4.6 to a supported version", WIN, 16),
  SETTING ("scid-3001", "Network (Firewall)",
           "Turn on the Windows Defender Firewall for domain profiles", WIN),
  UPDATE ("vmware", "tools", "VMware Tools", "12.5.0", TVM_DEMO_SERVER, 4, NULL),
  UPDATE ("citrix", "workspace", "Citrix Workspace", "24.9.0.225", DESK, 6, NULL),
  UNINSTALL ("microsoft", "silverlight", "Microsoft Silverlight", TVM_DEMO_CLIENT, 9, NULL),
  UPDATE ("libreoffice", "libreoffice", "LibreOffice", "24.8.3", ALL & ~TVM_DEMO_SERVER, 8, NULL),
  SETTING ("scid-2001", "Security controls (EDR)",
           "Fix Microsoft Defender for Endpoint sensor data collection", ALL),
  UPDATE ("gimp", "gimp", "GIMP", "2.10.38", DESK, 5, NULL),
  UPDATE ("keepass", "keepass", "KeePass", "2.57.1", TVM_DEMO_CLIENT, 2, NULL),
  SETTING ("scid-2030", "Security controls (Smart App Control)",
           "Set user account control (UAC) to automatically deny elevation requests", WIN),
  UPDATE ("teamviewer", "teamviewer", "TeamViewer", "15.60.3", DESK, 4, NULL),
  UPDATE ("canonical", "linux_for_ubuntu", "Linux kernel for Ubuntu Linux", "6.8.0-50.51",
          TVM_DEMO_LINUX, 92, "CVE-2024-1086"),
  SETTING ("scid-6090", "OS (Linux)", "Ensure permissions on /etc/shadow are configured",
           TVM_DEMO_LINUX),
  UPDATE ("sudo_project", "sudo", "sudo", "1.9.16", TVM_DEMO_LINUX | TVM_DEMO_MAC, 3, NULL),
  UPDATE ("openbsd", "openssh", "OpenSSH", "9.9p1", TVM_DEMO_LINUX | TVM_DEMO_MAC, 6, NULL),
  SETTING ("scid-5006", "OS (macOS)", "Turn on FileVault disk encryption", TVM_DEMO_MAC),
  UPDATE ("docker", "desktop", "Docker Desktop", "4.36.0", DESK, 7, NULL),
  UPDATE ("jetbrains", "intellij_idea", "IntelliJ IDEA", "2024.3.1", DESK, 5, NULL),
  SETTING ("scid-43", "Accounts (Account policy)", "Disable the built-in Guest account", WIN),
  UPDATE ("foxit", "pdf_reader", "Foxit PDF Reader", "2024.4.0", TVM_DEMO_CLIENT, 11, NULL),
  UPDATE ("sap", "gui", "SAP GUI", NULL, TVM_DEMO_CLIENT, 2, NULL),
  SETTING ("scid-2505", "Security controls (Attack surface reduction)",
           "Block credential stealing from the Windows local security authority subsystem", WIN),
  UPDATE ("curl", "curl", "curl", "8.11.1", ALL, 9, NULL),
  ATTENTION ("libwebp", "libwebp", "libwebp", ALL, 2),
  UNINSTALL ("oracle", "java_6", "Oracle Java 6", WIN, 31, "CVE-2013-2465"),
  SETTING ("scid-60", "Application (Office)", "Disable 'Always install with elevated privileges'",
           WIN),
  UPDATE ("slack", "slack", "Slack", "4.41.105", DESK, 2, NULL),
  UPDATE ("dell", "supportassist", "Dell SupportAssist", "4.5.2", TVM_DEMO_CLIENT, 3, NULL),
  UPDATE ("lenovo", "vantage", "Lenovo Vantage", "10.2411", TVM_DEMO_CLIENT, 4, NULL),
};
const guint tvm_demo_n_catalog = G_N_ELEMENTS (tvm_demo_catalog);

const TvmDemoPlatform tvm_demo_platforms[] = {
  { "Windows11", "23H2", "64-bit", TVM_DEMO_CLIENT, 22631 },
  { "Windows10", "22H2", "64-bit", TVM_DEMO_CLIENT, 19045 },
  { "WindowsServer2022", "21H2", "64-bit", TVM_DEMO_SERVER, 20348 },
  { "WindowsServer2019", "1809", "64-bit", TVM_DEMO_SERVER, 17763 },
  { "macOS", "14.6", "arm64", TVM_DEMO_MAC, 0 },
  { "Ubuntu", "22.4", "x64", TVM_DEMO_LINUX, 0 },
};

/* By rbacGroupId; 0 is the service's name for "in no group". */
const char *const tvm_demo_groups[] = {
  "UnassignedGroup", "Windows Servers", "Arbeitsplätze Köln", "台北工作站", "Kiosks", "Kontor Stockholm",
  "Ingénierie Lyon", "開発部 東京", "Finance, \"tier 1\"", "Linux Servers",
};
const guint tvm_demo_n_groups = G_N_ELEMENTS (tvm_demo_groups);
